// A clip plan: which records, in which files, with which gaps, by which builder. Its bytes are canonical and
// their SHA-256 is the clip's id; all that the clip's bytes follow from is in it or in the records it
// names. Values, any thread. Implements docs/ref/clip.md.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "clip/clip.hpp"
#include "crypto/hash.hpp"
#include "evidence/manifest.hpp"
#include "media/access_unit.hpp"
#include "ring/record.hpp"

namespace camgate::clip {

/// Changes whenever the same plan would give other bytes.
constexpr std::string_view kBuilderVersion = "camgate-clip-2";
constexpr std::size_t kMaxPlan_bytes = 8U << 20U;
constexpr Duration kLongestClip = std::chrono::hours(1);

struct PlannedRecord {
    ring::RecordLocation at;
    crypto::Digest leaf{};
    std::uint64_t boot_session = 0;
    std::uint64_t sequence = 0;
    BootTime first_decode;
    BootTime last_decode;
    Duration to_wall{0};  ///< wall = boot + this, by the best map when the plan was made
    std::uint32_t samples = 0;
    std::uint32_t payload_bytes = 0;
    /// Leading pictures that cannot be decoded here: so many behind the first sample are left out.
    std::uint32_t skipped_samples = 0;
    std::uint32_t skipped_bytes = 0;
    WallTime wallStart() const { return WallTime(first_decode.time_since_epoch() + to_wall); }
    WallTime wallEnd() const { return WallTime(last_decode.time_since_epoch() + to_wall); }
    bool operator==(const PlannedRecord&) const = default;
};

/// One MP4 file: one decoder configuration, one boot.
struct PlannedFile {
    media::DecoderConfig config;
    std::vector<PlannedRecord> records;
    bool operator==(const PlannedFile&) const = default;
};

struct PlannedGap {
    WallTime from;
    WallTime to;
    std::string reason;
    bool operator==(const PlannedGap&) const = default;
};

struct ClipPlan {
    std::string builder{kBuilderVersion};
    std::string gateway;
    ClipRequest request;
    media::StreamKind stream = media::StreamKind::Main;
    WallQuality time_quality = WallQuality::Unsynced;
    std::chrono::milliseconds error_bound{0};
    std::string sealed = "no (off)";  ///< how the records lie on the card
    std::vector<PlannedFile> files;
    std::vector<PlannedGap> gaps;
};

Bytes encodePlan(const ClipPlan& plan);
/// InvalidArgument: not a plan; FailedPrecondition: of another builder version.
[[nodiscard]] Result<ClipPlan> decodePlan(ByteView bytes);
/// Lower-case hex.
std::string planId(ByteView plan_bytes);

/// `file_bytes`: of each file, as ClipLayout says.
evidence::Manifest manifestOf(const ClipPlan& plan, const std::string& id,
                              const std::vector<std::uint64_t>& file_bytes);

}  // namespace camgate::clip
