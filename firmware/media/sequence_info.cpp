#include "media/sequence_info.hpp"

#include <algorithm>

namespace camgate::media {
namespace {

constexpr std::uint8_t kBaselineProfile = 66;

bool hasChromaFields(std::uint32_t profile) {
    constexpr std::array<std::uint32_t, 13> kProfiles{100, 110, 122, 244, 44,  83, 86,
                                                      118, 128, 138, 139, 134, 135};
    return std::find(kProfiles.begin(), kProfiles.end(), profile) != kProfiles.end();
}

void skipScalingList(BitReader& in, unsigned size) {
    std::int32_t last = 8;
    std::int32_t next = 8;
    for (unsigned i = 0; i < size && in.ok(); ++i) {
        if (next != 0) next = (last + in.se() % 256 + 256) % 256;
        if (next != 0) last = next;
    }
}

void readH264Chroma(BitReader& in, SequenceInfo& info) {
    info.chroma_format = static_cast<std::uint8_t>(std::min(in.ue(), 255U));
    if (info.chroma_format == 3) in.skip(1);
    info.luma_depth_bits = static_cast<std::uint8_t>(8 + std::min(in.ue(), 100U));
    info.chroma_depth_bits = static_cast<std::uint8_t>(8 + std::min(in.ue(), 100U));
    in.skip(1);
    if (!in.flag()) return;
    const unsigned lists = info.chroma_format == 3 ? 12 : 8;
    for (unsigned i = 0; i < lists; ++i) {
        if (in.flag()) skipScalingList(in, i < 6 ? 16 : 64);
    }
}

/// Returns pic_order_cnt_type.
std::uint32_t readH264OrderCount(BitReader& in) {
    const std::uint32_t type = in.ue();
    if (type == 0) {
        in.ue();
    } else if (type == 1) {
        in.skip(1);
        in.se();
        in.se();
        const std::uint32_t cycle = in.ue();
        for (std::uint32_t i = 0; i < cycle && in.ok(); ++i) in.se();
    }
    return type;
}

void skipHrd(BitReader& in) {
    const std::uint32_t count = in.ue() + 1;
    in.skip(8);
    for (std::uint32_t i = 0; i < count && in.ok(); ++i) {
        in.ue();
        in.ue();
        in.skip(1);
    }
    in.skip(20);
}

/// max_num_reorder_frames, if the VUI has it.
std::optional<std::uint32_t> readH264Vui(BitReader& in) {
    constexpr std::uint32_t kExtendedAspect = 255;
    if (in.flag() && in.bits(8) == kExtendedAspect) in.skip(32);
    if (in.flag()) in.skip(1);
    if (in.flag()) {
        in.skip(4);
        if (in.flag()) in.skip(24);
    }
    if (in.flag()) {
        in.ue();
        in.ue();
    }
    if (in.flag()) in.skip(65);
    const bool nal_hrd = in.flag();
    if (nal_hrd) skipHrd(in);
    const bool vcl_hrd = in.flag();
    if (vcl_hrd) skipHrd(in);
    if (nal_hrd || vcl_hrd) in.skip(1);
    in.skip(1);
    if (!in.flag()) return std::nullopt;
    in.skip(1);
    for (int i = 0; i < 4; ++i) in.ue();
    const std::uint32_t depth = in.ue();
    return in.ok() ? std::optional(depth) : std::nullopt;
}

/// Coded size and what the window cuts off, all in luma samples.
struct Window {
    std::uint64_t coded_width = 0;
    std::uint64_t coded_height = 0;
    std::uint64_t cut_x = 0;
    std::uint64_t cut_y = 0;
};

Status applyWindow(const Window& window, SequenceInfo& info) {
    if (window.coded_width > kMaxDimension_px || window.coded_height > kMaxDimension_px) {
        return fail(ErrorKind::Corruption, "picture of " + std::to_string(window.coded_width) + "x" +
                                               std::to_string(window.coded_height) + " px is over the limit");
    }
    if (window.cut_x >= window.coded_width || window.cut_y >= window.coded_height) {
        return fail(ErrorKind::Corruption, "cropping leaves no picture");
    }
    info.width_px = static_cast<std::uint16_t>(window.coded_width - window.cut_x);
    info.height_px = static_cast<std::uint16_t>(window.coded_height - window.cut_y);
    return {};
}

Window readCrop(BitReader& in, Window window, unsigned unit_x, unsigned unit_y) {
    if (in.flag()) {
        window.cut_x = std::uint64_t{in.ue()} + in.ue();
        window.cut_y = std::uint64_t{in.ue()} + in.ue();
        window.cut_x *= unit_x;
        window.cut_y *= unit_y;
    }
    return window;
}

Status checkCommon(const BitReader& in, const SequenceInfo& info) {
    if (!in.ok()) return fail(ErrorKind::Corruption, "truncated sequence parameter set");
    if (info.chroma_format > 3) return fail(ErrorKind::Corruption, "chroma format out of range");
    if (info.luma_depth_bits > 16 || info.chroma_depth_bits > 16) {
        return fail(ErrorKind::Corruption, "bit depth out of range");
    }
    return {};
}

Result<SequenceInfo> readH264Sps(BitReader& in) {
    SequenceInfo info;
    for (std::size_t i = 0; i < 3; ++i) info.profile_tier_level[i] = static_cast<std::uint8_t>(in.bits(8));
    const std::uint32_t id = in.ue();
    const std::uint8_t profile = info.profile_tier_level[0];
    if (hasChromaFields(profile)) readH264Chroma(in, info);
    in.ue();
    const std::uint32_t order_count_type = readH264OrderCount(in);
    in.ue();
    in.skip(1);
    Window window;
    window.coded_width = (std::uint64_t{in.ue()} + 1) * 16;
    const std::uint64_t map_units = std::uint64_t{in.ue()} + 1;
    const bool frames_only = in.flag();
    const unsigned fields = frames_only ? 1 : 2;
    window.coded_height = map_units * 16 * fields;
    if (!frames_only) in.skip(1);
    in.skip(1);
    const unsigned unit_x = info.chroma_format == 1 || info.chroma_format == 2 ? 2 : 1;
    const unsigned unit_y = (info.chroma_format == 1 ? 2U : 1U) * fields;
    window = readCrop(in, window, unit_x, unit_y);
    const bool has_vui = in.flag();
    if (auto status = checkCommon(in, info); !status) return std::unexpected(status.error());
    if (id > 31 || order_count_type > 2)
        return fail(ErrorKind::Corruption, "sequence parameter set out of range");
    if (auto status = applyWindow(window, info); !status) return std::unexpected(status.error());
    info.id = static_cast<std::uint8_t>(id);
    // A VUI that breaks off only costs what it would have told: some cameras send one.
    const auto stated = has_vui ? readH264Vui(in) : std::nullopt;
    if (order_count_type == 2 || profile == kBaselineProfile) {
        info.reorder_depth = 0;
    } else if (stated && *stated <= kMaxReorderDepth) {
        info.reorder_depth = static_cast<std::uint8_t>(*stated);
    }
    return info;
}

void readH265ProfileTierLevel(BitReader& in, unsigned sub_layers, SequenceInfo& info) {
    for (auto& byte : info.profile_tier_level) byte = static_cast<std::uint8_t>(in.bits(8));
    if (sub_layers <= 1) return;
    std::array<bool, 8> has_profile{};
    std::array<bool, 8> has_level{};
    for (unsigned i = 0; i < 8; ++i) {
        const bool used = i + 1 < sub_layers;
        has_profile[i] = in.flag() && used;
        has_level[i] = in.flag() && used;
    }
    for (unsigned i = 0; i < 8; ++i) {
        if (has_profile[i]) in.skip(88);
        if (has_level[i]) in.skip(8);
    }
}

/// sps_max_num_reorder_pics of the highest sub-layer.
std::uint32_t readH265Ordering(BitReader& in, unsigned sub_layers) {
    const bool all = in.flag();
    std::uint32_t depth = 0;
    for (unsigned i = all ? 0 : sub_layers - 1; i < sub_layers; ++i) {
        in.ue();
        depth = in.ue();
        in.ue();
    }
    return depth;
}

Result<SequenceInfo> readH265Sps(BitReader& in) {
    SequenceInfo info;
    info.vps_id = static_cast<std::uint8_t>(in.bits(4));
    const unsigned sub_layers = in.bits(3) + 1;
    info.temporal_id_nested = in.flag();
    info.temporal_layers = static_cast<std::uint8_t>(sub_layers);
    readH265ProfileTierLevel(in, sub_layers, info);
    const std::uint32_t id = in.ue();
    info.chroma_format = static_cast<std::uint8_t>(std::min(in.ue(), 255U));
    if (info.chroma_format == 3) in.skip(1);
    Window window;
    window.coded_width = in.ue();
    window.coded_height = in.ue();
    window = readCrop(in, window, info.chroma_format == 1 || info.chroma_format == 2 ? 2 : 1,
                      info.chroma_format == 1 ? 2 : 1);
    info.luma_depth_bits = static_cast<std::uint8_t>(8 + std::min(in.ue(), 100U));
    info.chroma_depth_bits = static_cast<std::uint8_t>(8 + std::min(in.ue(), 100U));
    in.ue();
    const std::uint32_t depth = readH265Ordering(in, sub_layers);
    if (auto status = checkCommon(in, info); !status) return std::unexpected(status.error());
    if (id > 15 || sub_layers > 7 || depth > kMaxReorderDepth) {
        return fail(ErrorKind::Corruption, "sequence parameter set out of range");
    }
    if (auto status = applyWindow(window, info); !status) return std::unexpected(status.error());
    info.id = static_cast<std::uint8_t>(id);
    info.reorder_depth = static_cast<std::uint8_t>(depth);
    return info;
}

Result<Bytes> payloadOf(Codec codec, ByteView nal) {
    const auto header = readNalHeader(codec, nal);
    if (!header) return std::unexpected(header.error());
    return unescapePayload(nal.subspan(header->size_bytes));
}

}  // namespace

Result<SequenceInfo> readSps(Codec codec, ByteView nal) {
    const auto payload = payloadOf(codec, nal);
    if (!payload) return std::unexpected(payload.error());
    BitReader in(*payload);
    return codec == Codec::H264 ? readH264Sps(in) : readH265Sps(in);
}

Result<PictureSetInfo> readPps(Codec codec, ByteView nal) {
    const auto payload = payloadOf(codec, nal);
    if (!payload) return std::unexpected(payload.error());
    BitReader in(*payload);
    const std::uint32_t id = in.ue();
    const std::uint32_t sps_id = in.ue();
    const std::uint32_t max_id = codec == Codec::H264 ? 255 : 63;
    const std::uint32_t max_sps_id = codec == Codec::H264 ? 31 : 15;
    if (!in.ok() || id > max_id || sps_id > max_sps_id) {
        return fail(ErrorKind::Corruption, "picture parameter set out of range");
    }
    return PictureSetInfo{static_cast<std::uint16_t>(id), static_cast<std::uint8_t>(sps_id)};
}

Result<std::uint8_t> readVpsId(ByteView nal) {
    // Header, then 4 bits of id; a set of less than 4 bytes has nothing to say.
    if (nal.size() < 4) return fail(ErrorKind::Corruption, "truncated video parameter set");
    return static_cast<std::uint8_t>(nal[2] >> 4U);
}

}  // namespace camgate::media
