#include "media/access_unit_assembler.hpp"

#include <algorithm>

namespace camgate::media {
namespace {

constexpr std::size_t kSliceHeaderPrefix_bytes = 16;
constexpr std::size_t kMaxSei_bytes = 4096;
constexpr std::uint32_t kRecoveryPointSei = 6;
constexpr std::uint8_t kFirstIrap = 16;
constexpr std::uint8_t kLastIrap = 23;

void appendLengthPrefixed(Bytes& out, ByteView nal) {
    const auto size = static_cast<std::uint32_t>(nal.size());
    for (unsigned shift = 32; shift > 0; shift -= 8)
        out.push_back(static_cast<std::uint8_t>(size >> (shift - 8)));
    out.insert(out.end(), nal.begin(), nal.end());
}

/// H.264 slice_type 2 and 7 are I, 4 and 9 SI.
bool isIntra(std::uint32_t slice_type) {
    return slice_type % 5 == 2 || slice_type % 5 == 4;
}

/// Of the message's type and size: bytes of 255 and a last one.
std::uint32_t seiNumber(BitReader& in) {
    std::uint32_t number = 0;
    std::uint32_t byte = 0;
    do {
        byte = in.bits(8);
        number += byte;
    } while (byte == 255 && in.ok());
    return number;
}

}  // namespace

struct AccessUnitAssembler::Picture {
    Bytes bytes;
    std::size_t slices = 0;
    std::uint16_t pps_id = 0;
    RandomAccess by_type = RandomAccess::None;
    bool reference = false;
    bool leading = false;
    bool all_intra = true;  ///< H.264 only
    bool has_sps = false;
    std::uint8_t temporal_id = 0;
    std::optional<std::int32_t> recovery_count;
};

Result<std::optional<AssembledUnit>> AccessUnitAssembler::assemble(const RawAccessUnit& raw) {
    lost_ = lost_ || raw.frames_lost;
    const Fingerprint fingerprint{raw.annex_b.size(), crc32c(raw.annex_b), raw.pts};
    if (last_ == fingerprint) {
        ++counters_.duplicates;
        return std::nullopt;
    }
    last_ = fingerprint;
    auto result = assembleNew(raw);
    if (!result) {
        ++counters_.corrupt;
        lost_ = true;
    }
    return result;
}

Result<std::optional<AssembledUnit>> AccessUnitAssembler::assembleNew(const RawAccessUnit& raw) {
    if (raw.annex_b.size() > kMaxAccessUnit_bytes) {
        return fail(ErrorKind::Corruption, "access unit over the size limit");
    }
    Picture picture;
    if (auto status = readUnit(raw.annex_b, picture); !status) return std::unexpected(status.error());
    if (picture.slices == 0) {
        ++counters_.without_picture;
        return std::nullopt;
    }
    if (sets_.empty()) {
        ++counters_.before_parameter_sets;
        return std::nullopt;
    }
    if (picture.bytes.size() > kMaxAccessUnit_bytes) {
        return fail(ErrorKind::Corruption, "access unit over the size limit");
    }
    const auto changed = activate(picture.pps_id);
    if (!changed) return std::unexpected(changed.error());
    AssembledUnit assembled;
    if (*changed) assembled.new_config = active_->config;
    assembled.unit = finish(std::move(picture), raw);
    return assembled;
}

/// Takes the parameter sets out even if a unit after them is bad: the next picture needs them.
Status AccessUnitAssembler::readUnit(ByteView annex_b, Picture& picture) {
    const auto nals = splitAnnexB(annex_b);
    if (!nals) return std::unexpected(nals.error());
    picture.bytes.reserve(annex_b.size() + nals->size());
    Status first_error;
    for (const ByteView nal : *nals) {
        const auto header = readNalHeader(codec_, nal);
        Status status;
        if (!header) {
            status = std::unexpected(header.error());
        } else if (header->kind == NalKind::Slice) {
            status = readSlice(*header, nal, picture);
        } else if (header->kind == NalKind::Sei) {
            readSei(*header, nal, picture);
        } else if (header->kind != NalKind::Ignored) {
            const auto news = sets_.add(*header, nal);
            if (!news) status = std::unexpected(news.error());
            sets_changed_ = sets_changed_ || (news && *news);
            picture.has_sps = picture.has_sps || header->kind == NalKind::Sps;
        }
        if (!status && first_error) first_error = status;
    }
    return first_error;
}

Status AccessUnitAssembler::readSlice(const NalHeader& header, ByteView nal, Picture& picture) const {
    const Bytes plain = unescapePayload(nal.subspan(header.size_bytes), kSliceHeaderPrefix_bytes);
    BitReader in(plain);
    std::uint32_t pps_id = 0;
    // Data partitions B and C have no slice header of their own.
    const bool has_header = codec_ == Codec::H265 || header.type <= 2 || header.type == 5;
    if (codec_ == Codec::H264 && has_header) {
        in.ue();
        if (!isIntra(in.ue())) picture.all_intra = false;
        pps_id = in.ue();
    } else if (codec_ == Codec::H265) {
        in.skip(1);
        if (header.type >= kFirstIrap && header.type <= kLastIrap) in.skip(1);
        pps_id = in.ue();
    }
    if (!in.ok() || pps_id > 255) return fail(ErrorKind::Corruption, "truncated slice header");
    if (picture.slices == 0) {
        picture.pps_id = static_cast<std::uint16_t>(pps_id);
        picture.by_type = header.random_access;
        picture.leading = header.leading;
        picture.temporal_id = header.temporal_id;
    }
    picture.reference = picture.reference || header.reference;
    ++picture.slices;
    appendLengthPrefixed(picture.bytes, nal);
    return {};
}

/// A message that does not parse is handed on like any other: decoders skip what they do not know.
void AccessUnitAssembler::readSei(const NalHeader& header, ByteView nal, Picture& picture) const {
    appendLengthPrefixed(picture.bytes, nal);
    const Bytes plain = unescapePayload(nal.subspan(header.size_bytes), kMaxSei_bytes);
    BitReader in(plain);
    for (std::size_t left = plain.size(); left > 2 && in.ok();) {
        const std::uint32_t type = seiNumber(in);
        const std::uint32_t size = seiNumber(in);
        const std::size_t used = 2 + type / 255 + size / 255 + size;
        if (type == kRecoveryPointSei) {
            const std::int32_t count = codec_ == Codec::H264 ? static_cast<std::int32_t>(in.ue()) : in.se();
            if (in.ok()) picture.recovery_count = count;
            return;
        }
        in.skip(std::size_t{size} * 8);
        left -= std::min(left, used);
    }
}

RandomAccess AccessUnitAssembler::randomAccessOf(const Picture& picture) const {
    if (picture.by_type != RandomAccess::None) return picture.by_type;
    const bool intra = codec_ == Codec::H264 && picture.all_intra;
    if (picture.recovery_count) {
        return intra && *picture.recovery_count == 0 ? RandomAccess::Open : RandomAccess::RecoveryPoint;
    }
    // Cameras that send an IDR picture once and never again repeat their sets in front of each I picture.
    return intra && picture.has_sps ? RandomAccess::Open : RandomAccess::None;
}

/// True if the picture needs another config than the one before.
Result<bool> AccessUnitAssembler::activate(std::uint16_t pps_id) {
    if (active_ && !sets_changed_ && active_pps_ == pps_id) return false;
    auto active = sets_.activeFor(pps_id);
    if (!active) return fail(ErrorKind::Corruption, active.error().context);
    sets_changed_ = false;
    active_pps_ = pps_id;
    const bool changed = !active_ || !(active_->config == active->config);
    if (!changed) return false;
    if (active_) ++counters_.config_changes;
    active_ = std::move(*active);
    active_id_ = active_->config.id();
    mender_.setReorderDepth(active_->reorder_depth);
    return true;
}

/// H.265 marks such pictures itself (RASL). In H.264 what is decoded after an open point and shown before it
/// may refer to what was in front.
bool AccessUnitAssembler::leadsOpenPoint(const AccessUnit& unit) {
    if (codec_ != Codec::H264) return false;
    if (unit.random_access != RandomAccess::None) {
        open_point_.reset();
        if (unit.random_access == RandomAccess::Open) open_point_ = unit.presentation_time;
        return false;
    }
    return open_point_ && unit.presentation_time < *open_point_;
}

AccessUnit AccessUnitAssembler::finish(Picture picture, const RawAccessUnit& raw) {
    const MendedTimes times = mender_.mend(raw.pts, raw.arrival);
    const bool top_layer = codec_ == Codec::H264 || picture.temporal_id + 1 >= active_->temporal_layers;
    const bool discontinuity = times.discontinuity || lost_;
    AccessUnit unit;
    unit.stream = stream_;
    unit.random_access = randomAccessOf(picture);
    unit.config_id = active_id_;
    unit.decode_time = times.decode_time;
    unit.presentation_time = times.presentation_time;
    unit.bytes = std::move(picture.bytes);
    if (!picture.reference && top_layer) unit.flags |= kDisposable;
    if (picture.leading || leadsOpenPoint(unit)) unit.flags |= kLeading;
    if (times.mended) unit.flags |= kTimeMended;
    if (discontinuity) unit.flags |= kDiscontinuity;
    lost_ = false;
    ++counters_.units;
    counters_.random_access_units += unit.random_access != RandomAccess::None ? 1 : 0;
    counters_.times_mended += times.mended ? 1 : 0;
    counters_.discontinuities += discontinuity ? 1 : 0;
    return unit;
}

}  // namespace camgate::media
