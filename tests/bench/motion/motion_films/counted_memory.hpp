// What this program holds on its heap, whoever asked for it, and how often operator new was called. One
// thread.
#pragma once

#include <cstdint>

namespace camgate::bench {

std::int64_t heldBytes();
std::int64_t allocations();  ///< since the start; C++ code only

}  // namespace camgate::bench
