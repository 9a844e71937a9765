// How often this test program has allocated so far, and how many bytes.
#pragma once

#include <cstddef>

namespace camgate::motion::test {

std::size_t countedAllocations();
std::size_t countedBytes();

}  // namespace camgate::motion::test
