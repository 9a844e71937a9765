// UTF-8 as bytes: is it well formed, and where may it be cut. Any thread.
#pragma once

#include <cstddef>
#include <optional>
#include <string_view>

namespace camgate {

/// Where the first ill-formed sequence begins: overlong, a surrogate, cut off or no UTF-8 at all.
std::optional<std::size_t> findIllFormedUtf8(std::string_view text);

/// The longest beginning of at most `limit_bytes` that cuts no character in two.
std::string_view utf8Prefix(std::string_view text, std::size_t limit_bytes);

}  // namespace camgate
