// Where tests keep a ring, and what its sizes are counted in. Header only.
#pragma once

#include <cstdint>
#include <string>

namespace camgate::test {

constexpr std::uint64_t kMiB = 1U << 20U;
inline const std::string kRingPath = "/card/ring";

}  // namespace camgate::test
