// JSON of unknown origin: never throws, a field of the wrong type is an absent one. Any thread.
#pragma once

#include <cstdint>
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>
#include <string_view>

#include "base/bytes.hpp"

namespace camgate::hub {

/// A JSON object with `"v": 1` within bounds of size and depth, else InvalidArgument or Corruption.
[[nodiscard]] Result<nlohmann::json> parseDocument(ByteView text);

/// Empty if absent.
std::string textField(const nlohmann::json& object, std::string_view key);
std::optional<std::uint64_t> numberField(const nlohmann::json& object, std::string_view key);
std::optional<bool> boolField(const nlohmann::json& object, std::string_view key);
/// An empty object if absent.
const nlohmann::json& objectField(const nlohmann::json& object, std::string_view key);

/// On one line; what is not UTF-8 is replaced.
std::string toLine(const nlohmann::json& value);

}  // namespace camgate::hub
