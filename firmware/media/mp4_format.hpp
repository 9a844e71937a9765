// Flag values of ISO/IEC 14496-12 that writer and reader share.
#pragma once

#include <cstdint>

namespace camgate::media {

constexpr std::uint32_t kDefaultBaseIsMoof = 0x020000;

/// trun: data offset, and per sample duration, size, flags, composition offset.
constexpr std::uint32_t kRunFlags = 0x000001 | 0x000100 | 0x000200 | 0x000400 | 0x000800;

constexpr std::uint32_t kSampleDependsOnOthers = 1U << 24U;
constexpr std::uint32_t kSampleDependsOnNothing = 2U << 24U;
constexpr std::uint32_t kSampleIsDisposable = 2U << 22U;
constexpr std::uint32_t kSampleIsNonSync = 1U << 16U;

}  // namespace camgate::media
