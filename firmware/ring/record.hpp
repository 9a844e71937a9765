// A record: one camera stream's batch of access units, as the daemon forms it and as it lies in the ring.
// Self-contained: it carries the decoder configuration and the time map that its samples need.
// Values, any thread. Implements docs/ref/ring-format.md (Record).
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "base/clock.hpp"
#include "crypto/hash.hpp"
#include "media/access_unit.hpp"
#include "ring/quota_hold.hpp"

namespace camgate::ring {

/// Why frames are missing in front of a record.
enum class GapReason : std::uint8_t {
    None = 0,
    DaemonStart = 1,   ///< nothing was recorded while the daemon was away
    QuotaFull = 2,     ///< the card was too slow for what the cameras sent
    CameraLost = 3,    ///< the camera or its worker was away
    StorageError = 4,  ///< the card refused what was to be written
    CardStalled = 5,   ///< the card took nothing for longer than memory lasts
    Paused = 6,        ///< the camera's owner wanted it so; not a number of its own on the card
    Count
};
std::string_view toString(GapReason reason);

struct Gap {
    GapReason reason = GapReason::None;
    BootTime since;                   ///< of the last frame before it; 0 when that was another boot
    std::uint32_t dropped_units = 0;  ///< access units that arrived and were not stored
    bool operator==(const Gap&) const = default;
};

struct Sample {
    std::uint32_t size_bytes = 0;
    std::uint32_t decode_delta_ns = 0;         ///< since the sample before; 0 for the first
    std::uint32_t presentation_offset_ns = 0;  ///< presentation minus decode time
    std::uint8_t flags = 0;                    ///< media::AccessUnitFlag
    media::RandomAccess random_access = media::RandomAccess::None;
    bool operator==(const Sample&) const = default;
};

/// The longest step between two samples of a record, and from decoding to presentation.
constexpr Duration kMaxSampleStep = std::chrono::seconds(4);
constexpr std::uint32_t kMaxSamples = 4096;

/// The canonical header: what a record says of itself and what its leaf covers.
struct RecordHeader {
    std::uint64_t camera_tag = 0;
    media::StreamKind stream = media::StreamKind::Main;
    media::Codec codec = media::Codec::H264;
    media::RandomAccess starts_with = media::RandomAccess::None;  ///< of the first sample
    std::uint16_t width_px = 0;
    std::uint16_t height_px = 0;
    std::uint64_t boot_session = 0;
    std::uint64_t sequence = 0;  ///< of the stream, grows over restarts
    BootTime first_decode;
    BootTime last_decode;
    TimeMap time_map;  ///< as known when the record was formed
    Gap gap;           ///< in front of this record
    std::uint32_t sample_count = 0;
    std::uint32_t payload_bytes = 0;
    std::uint32_t config_bytes = 0;
    std::uint64_t config_id = 0;
    crypto::Digest config_hash{};  ///< SHA-256 of the decoder configuration box
};
bool operator==(const RecordHeader& a, const RecordHeader& b);

/// How long a record is kept is a matter of its class: docs/design/ring.md (Recycle).
constexpr std::size_t kRetentionClasses = 3;

/// A record on its way to the ring. The units' bytes are the payload, one after another.
struct RecordDraft {
    RecordHeader header;
    std::uint8_t retention_class = 0;
    std::vector<Sample> samples;
    media::DecoderConfig config;
    std::vector<Bytes> units;
    BootTime previous_decode;  ///< of the last frame before it, should it get lost; 0: there was none
    QuotaHold hold;            ///< what it counts for in its camera's memory quota, until it is gone
};

/// Where a record lies. The counter tells whether it is still the same one.
struct RecordLocation {
    std::uint32_t extent = 0;
    std::uint32_t offset_bytes = 0;  ///< in the extent
    std::uint32_t total_bytes = 0;
    std::uint64_t generation = 0;
    std::uint64_t counter = 0;
    bool operator==(const RecordLocation&) const = default;
};

/// What the index knows of a record.
struct RecordInfo {
    RecordHeader header;
    crypto::Digest leaf{};
    RecordLocation at;
    std::uint32_t key_slot = 0;  ///< 0: lies in clear
    TimeMap best_map;            ///< the best map known of the record's boot; not stored
    WallTime wallStart() const { return best_map.toWall(header.first_decode); }
    WallTime wallEnd() const { return best_map.toWall(header.last_decode); }
};

/// What stands in front of the payload, without it.
struct RecordMeta {
    RecordHeader header;
    crypto::Digest leaf{};
    std::vector<Sample> samples;
    media::DecoderConfig config;
};

}  // namespace camgate::ring
