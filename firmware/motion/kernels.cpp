#include "motion/kernels.hpp"

#include <array>

#include "motion/kernels_available.hpp"

#if defined(__arm__)
#include <asm/hwcap.h>
#include <sys/auxv.h>
#endif

namespace camgate::motion {
namespace {

struct Available {
    std::array<const Kernels*, 2> sets{&kPlainKernels, nullptr};
    std::size_t count = 1;
};

Available findAvailable() {
    Available found;
#if defined(CAMGATE_KERNELS_SSE2)
    found.sets[found.count++] = &kSse2Kernels;  // every x86-64 has it
#elif defined(__aarch64__)
    found.sets[found.count++] = &kNeonKernels;  // every 64-bit ARM has it
#elif defined(__arm__)
    if ((getauxval(AT_HWCAP) & HWCAP_NEON) != 0) found.sets[found.count++] = &kNeonKernels;
#endif
    return found;
}

const Available& available() {
    static const Available found = findAvailable();
    return found;
}

}  // namespace

std::span<const Kernels* const> availableKernels() {
    return std::span(available().sets).first(available().count);
}

const Kernels& kernels() {
    return *availableKernels().back();
}

}  // namespace camgate::motion
