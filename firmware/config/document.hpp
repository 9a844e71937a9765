// JSON text to a value, within bounds and with no doubt left: size, nesting and encoding are checked first,
// a key that comes twice is a fault, a number must fit. Any thread. Implements docs/ref/config.md (Reading).
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string_view>
#include <vector>

#include "config/fault.hpp"

namespace camgate::config {

constexpr std::size_t kMostDocument_bytes = 1U << 20U;

/// Nothing if it cannot be read to its end. Faults name the value they were found at, never what a text
/// holds.
std::optional<nlohmann::json> parseDocument(std::string_view text, std::vector<Fault>& faults);

}  // namespace camgate::config
