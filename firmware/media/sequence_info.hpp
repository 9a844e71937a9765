// What camgate needs to know out of a sequence or picture parameter set. Refuses what no camera of ours may
// send (sizes over kMaxDimension_px, ids out of range, truncated sets). Pure, any thread.
#pragma once

#include <array>
#include <cstdint>
#include <optional>

#include "media/access_unit.hpp"
#include "media/nal.hpp"

namespace camgate::media {

/// More pictures than this never wait for reordering in either codec.
constexpr std::uint8_t kMaxReorderDepth = 16;

struct SequenceInfo {
    std::uint8_t id = 0;
    std::uint8_t vps_id = 0;     ///< H.265
    std::uint16_t width_px = 0;  ///< after cropping
    std::uint16_t height_px = 0;
    std::uint8_t chroma_format = 1;
    std::uint8_t luma_depth_bits = 8;
    std::uint8_t chroma_depth_bits = 8;
    /// H.264: profile_idc, constraint flags, level_idc. H.265: the 12 bytes of general profile, tier and
    /// level.
    std::array<std::uint8_t, 12> profile_tier_level{};
    std::uint8_t temporal_layers = 1;  ///< H.265
    bool temporal_id_nested = false;   ///< H.265
    /// How many pictures may precede one in decoding order and follow it in output; absent if the set is
    /// silent.
    std::optional<std::uint8_t> reorder_depth;
};

struct PictureSetInfo {
    std::uint16_t id = 0;
    std::uint8_t sps_id = 0;
};

/// `nal` is the whole NAL unit. Corruption: it does not parse or is over a limit.
[[nodiscard]] Result<SequenceInfo> readSps(Codec codec, ByteView nal);
[[nodiscard]] Result<PictureSetInfo> readPps(Codec codec, ByteView nal);
[[nodiscard]] Result<std::uint8_t> readVpsId(ByteView nal);

}  // namespace camgate::media
