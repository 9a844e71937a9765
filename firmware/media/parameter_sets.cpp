#include "media/parameter_sets.hpp"

#include <algorithm>

#include "media/box_writer.hpp"

namespace camgate::media {
namespace {

constexpr std::uint8_t kVpsType = 32;
constexpr std::uint8_t kSpsType = 33;
constexpr std::uint8_t kPpsType = 34;
constexpr std::uint8_t kArrayComplete = 0x80;

/// Profiles whose avcC carries chroma format and bit depths.
bool avcCHasChroma(std::uint8_t profile) {
    return profile != 66 && profile != 77 && profile != 88;
}

std::uint8_t withReserved(unsigned reserved_ones, unsigned value) {
    return static_cast<std::uint8_t>(reserved_ones | value);
}

void putNal(BoxWriter& out, const Bytes& nal) {
    out.u16(static_cast<std::uint16_t>(nal.size()));
    out.bytes(nal);
}

}  // namespace

Result<bool> ParameterSets::add(const NalHeader& header, ByteView nal) {
    // The size of a set has 16 bits in avcC and hvcC, and a config has a limit anyway.
    if (nal.size() > kMaxDecoderConfig_bytes) return fail(ErrorKind::Corruption, "parameter set is too long");
    switch (header.kind) {
        case NalKind::Vps:
            return addVps(nal);
        case NalKind::Sps:
            return addSps(nal);
        case NalKind::Pps:
            return addPps(nal);
        default:
            return fail(ErrorKind::InvalidArgument, "not a parameter set");
    }
}

Result<bool> ParameterSets::addVps(ByteView nal) {
    const auto id = readVpsId(nal);
    if (!id) return std::unexpected(id.error());
    Bytes& known = video_[*id];
    if (std::ranges::equal(known, nal)) return false;
    known.assign(nal.begin(), nal.end());
    return true;
}

Result<bool> ParameterSets::addSps(ByteView nal) {
    auto info = readSps(codec_, nal);
    if (!info) return std::unexpected(info.error());
    Sequence& known = sequences_[info->id];
    if (std::ranges::equal(known.nal, nal)) return false;
    known = Sequence{*info, Bytes(nal.begin(), nal.end())};
    std::erase_if(pictures_, [&](const auto& entry) { return entry.second.info.sps_id == info->id; });
    return true;
}

Result<bool> ParameterSets::addPps(ByteView nal) {
    const auto info = readPps(codec_, nal);
    if (!info) return std::unexpected(info.error());
    Picture& known = pictures_[info->id];
    if (std::ranges::equal(known.nal, nal)) return false;
    known = Picture{*info, Bytes(nal.begin(), nal.end())};
    return true;
}

bool ParameterSets::usable() const {
    return std::ranges::any_of(pictures_, [&](const auto& entry) {
        const auto sequence = sequences_.find(entry.second.info.sps_id);
        if (sequence == sequences_.end()) return false;
        return codec_ == Codec::H264 || video_.contains(sequence->second.info.vps_id);
    });
}

Result<ActiveSets> ParameterSets::activeFor(std::uint16_t pps_id) const {
    const auto picture = pictures_.find(pps_id);
    if (picture == pictures_.end()) {
        return fail(ErrorKind::NotFound, "picture parameter set " + std::to_string(pps_id) + " never came");
    }
    const auto found = sequences_.find(picture->second.info.sps_id);
    if (found == sequences_.end()) {
        return fail(ErrorKind::NotFound, "sequence parameter set of the picture never came");
    }
    const Sequence& sequence = found->second;
    ActiveSets active;
    active.config.codec = codec_;
    active.config.width_px = sequence.info.width_px;
    active.config.height_px = sequence.info.height_px;
    active.reorder_depth = sequence.info.reorder_depth;
    active.temporal_layers = sequence.info.temporal_layers;
    if (codec_ == Codec::H264) {
        active.config.box = avcC(sequence);
    } else {
        const auto vps = video_.find(sequence.info.vps_id);
        if (vps == video_.end()) return fail(ErrorKind::NotFound, "video parameter set never came");
        active.config.box = hvcC(sequence, vps->second);
    }
    if (active.config.box.size() > kMaxDecoderConfig_bytes) {
        return fail(ErrorKind::InvalidArgument, "parameter sets are over the limit together");
    }
    return active;
}

std::size_t ParameterSets::picturesFor(std::uint8_t sps_id) const {
    return static_cast<std::size_t>(std::ranges::count_if(
        pictures_, [&](const auto& entry) { return entry.second.info.sps_id == sps_id; }));
}

Bytes ParameterSets::avcC(const Sequence& sequence) const {
    const SequenceInfo& info = sequence.info;
    // 5 bits count the sequence sets, 8 bits the picture sets; ids of one sequence set are at most 256.
    const std::size_t picture_count = std::min<std::size_t>(picturesFor(info.id), 255);
    BoxWriter out;
    out.u8(1);
    for (std::size_t i = 0; i < 3; ++i) out.u8(info.profile_tier_level[i]);
    out.u8(withReserved(0xFC, 3));
    out.u8(withReserved(0xE0, 1));
    putNal(out, sequence.nal);
    out.u8(static_cast<std::uint8_t>(picture_count));
    std::size_t written = 0;
    for (const auto& [id, picture] : pictures_) {
        if (picture.info.sps_id == info.id && written++ < picture_count) putNal(out, picture.nal);
    }
    if (avcCHasChroma(info.profile_tier_level[0])) {
        out.u8(withReserved(0xFC, info.chroma_format));
        out.u8(withReserved(0xF8, info.luma_depth_bits - 8U));
        out.u8(withReserved(0xF8, info.chroma_depth_bits - 8U));
        out.u8(0);
    }
    return std::move(out).take();
}

Bytes ParameterSets::hvcC(const Sequence& sequence, const Bytes& vps) const {
    const SequenceInfo& info = sequence.info;
    BoxWriter out;
    out.u8(1);
    out.bytes(info.profile_tier_level);
    out.u16(0xF000);                // min_spatial_segmentation_idc 0: not known
    out.u8(withReserved(0xFC, 0));  // parallelismType 0: not known
    out.u8(withReserved(0xFC, info.chroma_format));
    out.u8(withReserved(0xF8, info.luma_depth_bits - 8U));
    out.u8(withReserved(0xF8, info.chroma_depth_bits - 8U));
    out.u16(0);  // avgFrameRate: not known
    out.u8(static_cast<std::uint8_t>(info.temporal_layers << 3U | (info.temporal_id_nested ? 4U : 0U) | 3U));
    out.u8(3);
    out.u8(kArrayComplete | kVpsType);
    out.u16(1);
    putNal(out, vps);
    out.u8(kArrayComplete | kSpsType);
    out.u16(1);
    putNal(out, sequence.nal);
    out.u8(kArrayComplete | kPpsType);
    out.u16(static_cast<std::uint16_t>(picturesFor(info.id)));
    for (const auto& [id, picture] : pictures_) {
        if (picture.info.sps_id == info.id) putNal(out, picture.nal);
    }
    return std::move(out).take();
}

}  // namespace camgate::media
