// Which sets of kernels this build holds. kernels.cpp chooses among them.
#pragma once

#include "motion/kernels.hpp"

#if defined(__SSE2__)
#define CAMGATE_KERNELS_SSE2 1
#endif
#if defined(__aarch64__) || defined(__arm__)
#define CAMGATE_KERNELS_NEON 1
#endif

namespace camgate::motion {

extern const Kernels kPlainKernels;
#if defined(CAMGATE_KERNELS_SSE2)
extern const Kernels kSse2Kernels;
#endif
#if defined(CAMGATE_KERNELS_NEON)
extern const Kernels kNeonKernels;
#endif

}  // namespace camgate::motion
