#include "counting_allocator.hpp"

#include <cstdlib>
#include <new>

namespace {

std::size_t allocations = 0;
std::size_t bytes = 0;

}  // namespace

void* operator new(std::size_t size) {
    ++allocations;
    bytes += size;
    if (void* memory = std::malloc(size)) return memory;
    throw std::bad_alloc();
}
// Catch asks so. Left to a sanitizer's own, what this file frees is not what was allocated.
void* operator new(std::size_t size, const std::nothrow_t&) noexcept {
    ++allocations;
    bytes += size;
    return std::malloc(size);
}
void operator delete(void* memory) noexcept {
    std::free(memory);
}
void operator delete(void* memory, std::size_t) noexcept {
    std::free(memory);
}

namespace camgate::motion::test {

std::size_t countedAllocations() {
    return allocations;
}
std::size_t countedBytes() {
    return bytes;
}

}  // namespace camgate::motion::test
