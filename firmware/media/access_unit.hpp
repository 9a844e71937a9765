// What travels from a camera to the ring and into a clip: access units of compressed video with mended times,
// and the decoder configuration they need. Plain values, any thread.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "base/bytes.hpp"
#include "base/clock.hpp"
#include "base/result.hpp"

namespace camgate::media {

enum class Codec : std::uint8_t { H264 = 1, H265 = 2 };
enum class StreamKind : std::uint8_t { Main = 0, Sub = 1 };

std::string_view toString(Codec codec);
std::string_view toString(StreamKind stream);
[[nodiscard]] Result<Codec> codecFromNumber(std::uint8_t number);
[[nodiscard]] Result<StreamKind> streamFromNumber(std::uint8_t number);

/// Limits that hold for every camera; what exceeds them is refused at the process boundary.
constexpr std::uint32_t kMaxDimension_px = 4096;
constexpr std::size_t kMaxAccessUnit_bytes = 4U << 20U;
constexpr std::size_t kMaxDecoderConfig_bytes = 4096;

/// How a decoder may start at an access unit.
enum class RandomAccess : std::uint8_t {
    None = 0,
    Idr = 1,            ///< nothing before is needed
    Open = 2,           ///< CRA or I picture: leading pictures that refer back must be skipped
    RecoveryPoint = 3,  ///< intra refresh: the picture is whole some frames later
};

/// Flags of an access unit, as stored.
enum AccessUnitFlag : std::uint8_t {
    kDisposable = 1,     ///< no other picture refers to it
    kTimeMended = 2,     ///< the camera's timestamp was missing or impossible
    kDiscontinuity = 4,  ///< frames may be missing in front of it
    kLeading = 8,        ///< cannot be decoded when starting at the Open point before it (RASL)
};

/// What a decoder needs before the first access unit: the payload of an `avcC` or `hvcC` box (ISO 14496-15).
/// Parameter sets live here and nowhere else; access units carry none.
struct DecoderConfig {
    Codec codec = Codec::H264;
    std::uint16_t width_px = 0;
    std::uint16_t height_px = 0;
    Bytes box;
    /// First 8 bytes, big endian, of what identifies it: FNV-1a 64 over codec, size and box.
    std::uint64_t id() const;
    bool operator==(const DecoderConfig&) const = default;
};

/// One access unit. NAL units are length-prefixed (4 bytes, big endian), without parameter sets, delimiters
/// and filler. Times are on the boot clock; decode_time grows strictly within a stream.
struct AccessUnit {
    StreamKind stream = StreamKind::Main;
    RandomAccess random_access = RandomAccess::None;
    std::uint8_t flags = 0;
    std::uint64_t config_id = 0;
    BootTime decode_time;
    BootTime presentation_time;  ///< never before decode_time
    Bytes bytes;
};

}  // namespace camgate::media
