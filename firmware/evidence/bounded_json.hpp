// JSON from outside, read within bounds: size and nesting are checked before parsing, nothing throws. Any
// thread.
#pragma once

#include <cstddef>
#include <nlohmann/json_fwd.hpp>
#include <string_view>

#include "base/result.hpp"

namespace camgate::evidence {

constexpr int kMaxJsonDepth = 32;

/// InvalidArgument: longer or deeper than allowed, not JSON, not UTF-8, or not an object.
[[nodiscard]] Result<nlohmann::json> parseBoundedObject(std::string_view text, std::size_t limit_bytes);

}  // namespace camgate::evidence
