// The kernel's random numbers. Blocks until the kernel's pool is seeded (early after boot), never fails for
// want of entropy. Any thread.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>

#include "base/result.hpp"

namespace camgate::crypto {

[[nodiscard]] Status fillRandom(std::span<std::uint8_t> into);

/// `count_bytes` random bytes as twice as many hex digits.
[[nodiscard]] Result<std::string> randomHex(std::size_t count_bytes);

}  // namespace camgate::crypto
