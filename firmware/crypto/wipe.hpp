// Overwrites secrets in memory in a way that no compiler leaves out. Any thread.
#pragma once

#include <cstdint>
#include <span>

namespace camgate::crypto {

void wipe(std::span<std::uint8_t> secret);

}  // namespace camgate::crypto
