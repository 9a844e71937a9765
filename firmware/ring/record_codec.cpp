#include "ring/record_codec.hpp"

#include <algorithm>
#include <limits>

#include "ring/record_seal.hpp"

namespace camgate::ring {
namespace {

/// A pause is a lost camera with this many units, so that firmware which knows no pauses reads it too.
constexpr std::uint32_t kPausedUnits = std::numeric_limits<std::uint32_t>::max();

void putReason(ByteWriter& out, const Gap& gap) {
    const bool paused = gap.reason == GapReason::Paused;
    out.put(paused ? kPausedUnits : std::min(gap.dropped_units, kPausedUnits - 1));
    out.put(static_cast<std::uint32_t>(paused ? GapReason::CameraLost : gap.reason));
}

void readPause(Gap& gap) {
    if (gap.reason == GapReason::CameraLost && gap.dropped_units == kPausedUnits)
        gap = {GapReason::Paused, gap.since, 0};
}

constexpr std::uint32_t kPlacementMagic = 0x52474743;  // "CGGR"
constexpr std::uint32_t kHeaderMagic = 0x48474743;     // "CGGH"
constexpr std::size_t kCrcOffset_bytes = 8;

std::unexpected<Error> corruptRecord(const char* what) {
    return fail(ErrorKind::Corruption, std::string("record: ") + what);
}

std::uint32_t crcWithout(ByteView bytes, std::size_t crc_offset) {
    constexpr std::array<std::uint8_t, 4> kZero{};
    const std::uint32_t front = crc32c(bytes.first(crc_offset));
    return crc32c(bytes.subspan(crc_offset + kZero.size()), crc32c(kZero, front));
}

void patch(Bytes& bytes, std::size_t at, std::uint32_t value) {
    for (std::size_t i = 0; i < 4; ++i) bytes[at + i] = static_cast<std::uint8_t>(value >> (8 * i));
}

std::size_t frontTag_bytes(Seal seal) {
    return seal == Seal::Clear ? 0 : crypto::kAeadTag_bytes;
}

std::optional<media::RandomAccess> randomAccess(std::uint8_t number) {
    if (number > static_cast<std::uint8_t>(media::RandomAccess::RecoveryPoint)) return std::nullopt;
    return static_cast<media::RandomAccess>(number);
}

Status checkTimes(const RecordHeader& header) {
    const bool sane = computable(header.first_decode.time_since_epoch()) &&
                      computable(header.last_decode.time_since_epoch()) &&
                      computable(header.gap.since.time_since_epoch()) && computable(header.time_map.offset) &&
                      computable(header.time_map.error_bound);
    if (!sane) return corruptRecord("times that no clock shows");
    if (header.last_decode < header.first_decode) return corruptRecord("times run backwards");
    return {};
}

Status checkCounts(const RecordHeader& header) {
    if (header.sample_count == 0 || header.sample_count > kMaxSamples) return corruptRecord("sample count");
    if (header.config_bytes == 0 || header.config_bytes > media::kMaxDecoderConfig_bytes) {
        return corruptRecord("configuration length");
    }
    return checkTimes(header);
}

Result<std::vector<Sample>> decodeSamples(const RecordHeader& header, ByteReader& in) {
    std::vector<Sample> samples(header.sample_count);
    std::uint64_t bytes = 0;
    Duration span{0};
    for (Sample& sample : samples) {
        sample.size_bytes = in.get<std::uint32_t>();
        sample.decode_delta_ns = in.get<std::uint32_t>();
        sample.presentation_offset_ns = in.get<std::uint32_t>();
        sample.flags = in.get<std::uint8_t>();
        const auto access = randomAccess(in.get<std::uint8_t>());
        if (!access || in.get<std::uint16_t>() != 0) return corruptRecord("sample");
        sample.random_access = *access;
        if (sample.size_bytes == 0 || sample.size_bytes > media::kMaxAccessUnit_bytes)
            return corruptRecord("sample size");
        bytes += sample.size_bytes;
        span += Duration(sample.decode_delta_ns);
    }
    if (!in.ok() || bytes != header.payload_bytes) return corruptRecord("sample sizes");
    if (samples.front().decode_delta_ns != 0 || header.first_decode + span != header.last_decode) {
        return corruptRecord("sample times");
    }
    if (samples.front().random_access != header.starts_with) return corruptRecord("first sample");
    return samples;
}

}  // namespace

Bytes encodeHeader(const RecordHeader& header) {
    ByteWriter out;
    out.put(kHeaderMagic);
    out.put(kRecordVersion);
    out.put(static_cast<std::uint16_t>(kHeader_bytes));
    out.put(header.camera_tag);
    out.put(static_cast<std::uint8_t>(header.stream));
    out.put(static_cast<std::uint8_t>(header.codec));
    out.put(static_cast<std::uint8_t>(header.starts_with));
    out.put(static_cast<std::uint8_t>(header.time_map.quality));
    out.put(header.width_px);
    out.put(header.height_px);
    out.put(header.boot_session);
    out.put(header.sequence);
    out.put(std::int64_t{header.first_decode.time_since_epoch().count()});
    out.put(std::int64_t{header.last_decode.time_since_epoch().count()});
    out.put(std::int64_t{header.time_map.offset.count()});
    out.put(std::int64_t{header.time_map.error_bound.count()});
    out.put(std::int64_t{header.gap.since.time_since_epoch().count()});
    putReason(out, header.gap);
    out.put(header.sample_count);
    out.put(header.payload_bytes);
    out.put(header.config_id);
    out.put(header.config_bytes);
    out.put(std::uint32_t{0});
    out.putBytes(header.config_hash);
    return std::move(out).take();
}

Result<RecordHeader> decodeHeader(ByteView bytes) {
    ByteReader in(bytes);
    if (in.get<std::uint32_t>() != kHeaderMagic) return corruptRecord("no header");
    if (in.get<std::uint16_t>() != kRecordVersion) {
        return fail(ErrorKind::FailedPrecondition, "record: written by a newer version");
    }
    if (in.get<std::uint16_t>() != kHeader_bytes) return corruptRecord("header length");
    RecordHeader header;
    header.camera_tag = in.get<std::uint64_t>();
    const auto stream = media::streamFromNumber(in.get<std::uint8_t>());
    const auto codec = media::codecFromNumber(in.get<std::uint8_t>());
    const auto access = randomAccess(in.get<std::uint8_t>());
    const auto quality = in.get<std::uint8_t>();
    if (!stream || !codec || !access || quality > static_cast<std::uint8_t>(WallQuality::Ntp)) {
        return corruptRecord("stream, codec or quality");
    }
    header.stream = *stream;
    header.codec = *codec;
    header.starts_with = *access;
    header.time_map.quality = static_cast<WallQuality>(quality);
    header.width_px = in.get<std::uint16_t>();
    header.height_px = in.get<std::uint16_t>();
    header.boot_session = in.get<std::uint64_t>();
    header.sequence = in.get<std::uint64_t>();
    header.first_decode = BootTime(Duration(in.get<std::int64_t>()));
    header.last_decode = BootTime(Duration(in.get<std::int64_t>()));
    header.time_map.offset = Duration(in.get<std::int64_t>());
    header.time_map.error_bound = std::chrono::milliseconds(in.get<std::int64_t>());
    header.gap.since = BootTime(Duration(in.get<std::int64_t>()));
    header.gap.dropped_units = in.get<std::uint32_t>();
    const auto reason = in.get<std::uint32_t>();
    header.sample_count = in.get<std::uint32_t>();
    header.payload_bytes = in.get<std::uint32_t>();
    header.config_id = in.get<std::uint64_t>();
    header.config_bytes = in.get<std::uint32_t>();
    const auto reserved = in.get<std::uint32_t>();
    std::ranges::copy(in.getBytes(header.config_hash.size()), header.config_hash.begin());
    if (!in.ok() || reserved != 0 || reason > static_cast<std::uint32_t>(GapReason::CardStalled)) {
        return corruptRecord("header");
    }
    header.gap.reason = static_cast<GapReason>(reason);
    readPause(header.gap);
    if (auto counts = checkCounts(header); !counts) return std::unexpected(counts.error());
    return header;
}

Bytes encodeSamples(const std::vector<Sample>& samples) {
    ByteWriter out;
    for (const Sample& sample : samples) {
        out.put(sample.size_bytes);
        out.put(sample.decode_delta_ns);
        out.put(sample.presentation_offset_ns);
        out.put(sample.flags);
        out.put(static_cast<std::uint8_t>(sample.random_access));
        out.put(std::uint16_t{0});
    }
    return std::move(out).take();
}

crypto::Digest leafOf(const RecordDraft& draft) {
    static constexpr std::array<std::uint8_t, 1> kLeafPrefix{0};
    crypto::Sha256 hash;
    hash.update(kLeafPrefix);
    hash.update(encodeHeader(draft.header));
    hash.update(encodeSamples(draft.samples));
    for (const Bytes& unit : draft.units) hash.update(unit);
    return hash.finish();
}

std::size_t recordSize(const RecordDraft& draft, Seal seal) {
    return kPlacement_bytes + kHeader_bytes + kLeaf_bytes + draft.samples.size() * kSample_bytes +
           draft.config.box.size() + frontTag_bytes(seal) + draft.header.payload_bytes + kTrailer_bytes;
}

Status checkDraft(const RecordDraft& draft) {
    const RecordHeader& header = draft.header;
    if (draft.samples.size() != header.sample_count || draft.units.size() != header.sample_count ||
        draft.config.box.size() != header.config_bytes || draft.config.id() != header.config_id) {
        return fail(ErrorKind::InvalidArgument, "record: counts contradict one another");
    }
    for (std::size_t i = 0; i < draft.units.size(); ++i) {
        if (draft.units[i].size() != draft.samples[i].size_bytes) {
            return fail(ErrorKind::InvalidArgument, "record: a sample's size is not its unit's");
        }
    }
    const Bytes samples = encodeSamples(draft.samples);
    ByteReader in(samples);
    const auto counts = checkCounts(header);
    if (!counts) return fail(ErrorKind::InvalidArgument, counts.error().context);
    const auto decoded = decodeSamples(header, in);
    if (!decoded) return fail(ErrorKind::InvalidArgument, decoded.error().context);
    return {};
}

Status encodeRecord(const RecordDraft& draft, const crypto::Digest& leaf, Placement placement,
                    const crypto::AeadKey& key, Bytes& out) {
    const Bytes header = encodeHeader(draft.header);
    const Bytes samples = encodeSamples(draft.samples);
    const bool sealed = placement.seal != Seal::Clear;
    placement.total_bytes = static_cast<std::uint32_t>(recordSize(draft, placement.seal));
    placement.meta_bytes =
        static_cast<std::uint32_t>(header.size() + leaf.size() + samples.size() + draft.config.box.size() +
                                   frontTag_bytes(placement.seal));
    placement.meta_crc = sealed ? 0 : crc32c(draft.config.box, crc32c(samples, crc32c(leaf, crc32c(header))));
    const std::size_t at = out.size();
    const auto add = [&out](ByteView bytes) { out.insert(out.end(), bytes.begin(), bytes.end()); };
    add(encodePlacement(placement));
    add(header);
    add(leaf);
    add(samples);
    add(draft.config.box);
    out.resize(out.size() + frontTag_bytes(placement.seal));
    for (const Bytes& unit : draft.units) add(unit);
    out.resize(out.size() + kTrailer_bytes);
    const std::span record = std::span(out).subspan(at);
    if (sealed) return sealRecord(key, placement, record);
    const std::uint32_t crc = crc32c(record.first(record.size() - kTrailer_bytes));
    patch(out, out.size() - kTrailer_bytes, crc);
    return {};
}

Bytes encodePlacement(const Placement& placement) {
    ByteWriter out;
    out.put(kPlacementMagic);
    out.put(kRecordVersion);
    out.put(static_cast<std::uint16_t>(kPlacement_bytes));
    out.put(std::uint32_t{0});
    out.put(static_cast<std::uint8_t>(placement.seal));
    out.put(placement.retention_class);
    out.put(static_cast<std::uint8_t>(placement.starts_round ? 1 : 0));
    out.put(std::uint8_t{0});
    out.put(placement.key_slot);
    out.put(placement.total_bytes);
    out.put(placement.meta_bytes);
    out.put(placement.meta_crc);
    out.put(placement.generation);
    out.put(placement.counter);
    out.put(placement.durable_below);
    out.putBytes(placement.session);
    out.put(placement.ring_tag);
    Bytes bytes = std::move(out).take();
    patch(bytes, kCrcOffset_bytes, crcWithout(bytes, kCrcOffset_bytes));
    return bytes;
}

Result<Placement> decodePlacement(ByteView bytes) {
    if (bytes.size() < kPlacement_bytes) return corruptRecord("ends in its placement header");
    bytes = bytes.first(kPlacement_bytes);
    ByteReader in(bytes);
    if (in.get<std::uint32_t>() != kPlacementMagic) return corruptRecord("none here");
    const auto version = in.get<std::uint16_t>();
    const auto length = in.get<std::uint16_t>();
    if (in.get<std::uint32_t>() != crcWithout(bytes, kCrcOffset_bytes))
        return corruptRecord("placement checksum");
    if (version != kRecordVersion)
        return fail(ErrorKind::FailedPrecondition, "record: written by a newer version");
    Placement placement;
    const auto seal = in.get<std::uint8_t>();
    placement.retention_class = in.get<std::uint8_t>();
    const auto flags = in.get<std::uint8_t>();
    const auto reserved = in.get<std::uint8_t>();
    placement.starts_round = flags == 1;
    placement.key_slot = in.get<std::uint32_t>();
    placement.total_bytes = in.get<std::uint32_t>();
    placement.meta_bytes = in.get<std::uint32_t>();
    placement.meta_crc = in.get<std::uint32_t>();
    placement.generation = in.get<std::uint64_t>();
    placement.counter = in.get<std::uint64_t>();
    placement.durable_below = in.get<std::uint64_t>();
    std::ranges::copy(in.getBytes(placement.session.size()), placement.session.begin());
    placement.ring_tag = in.get<std::uint64_t>();
    if (!in.done() || length != kPlacement_bytes || flags > 1 || reserved != 0 ||
        placement.retention_class >= kRetentionClasses)
        return corruptRecord("placement header");
    if (seal > static_cast<std::uint8_t>(Seal::ChaCha20Poly1305))
        return fail(ErrorKind::FailedPrecondition, "record: sealed by a newer version");
    placement.seal = static_cast<Seal>(seal);
    const bool sealed = placement.seal != Seal::Clear;
    if (sealed != (placement.key_slot != 0) || (sealed && placement.meta_crc != 0))
        return corruptRecord("key slot");
    const std::uint64_t least = kPlacement_bytes + std::uint64_t{placement.meta_bytes} + kTrailer_bytes;
    if (placement.meta_bytes < kHeader_bytes + kLeaf_bytes + frontTag_bytes(placement.seal) ||
        placement.total_bytes < least) {
        return corruptRecord("lengths");
    }
    return placement;
}

Result<RecordMeta> decodeMeta(const Placement& placement, ByteView meta) {
    const std::size_t tag_bytes = frontTag_bytes(placement.seal);
    if (meta.size() + tag_bytes != placement.meta_bytes || meta.size() < kHeader_bytes)
        return corruptRecord("meta length");
    if (placement.seal == Seal::Clear && crc32c(meta) != placement.meta_crc)
        return corruptRecord("meta checksum");
    auto header = decodeHeader(meta.first(kHeader_bytes));
    if (!header) return std::unexpected(header.error());
    const std::uint64_t meta_bytes = kHeader_bytes + kLeaf_bytes +
                                     std::uint64_t{header->sample_count} * kSample_bytes +
                                     header->config_bytes + tag_bytes;
    const std::uint64_t total_bytes = kPlacement_bytes + meta_bytes + header->payload_bytes + kTrailer_bytes;
    if (meta_bytes != placement.meta_bytes || total_bytes != placement.total_bytes)
        return corruptRecord("lengths");

    RecordMeta record;
    record.header = *header;
    ByteReader in(meta.subspan(kHeader_bytes));
    std::ranges::copy(in.getBytes(kLeaf_bytes), record.leaf.begin());
    auto samples = decodeSamples(*header, in);
    if (!samples) return std::unexpected(samples.error());
    record.samples = std::move(*samples);
    record.config.codec = header->codec;
    record.config.width_px = header->width_px;
    record.config.height_px = header->height_px;
    const ByteView box = in.rest();
    record.config.box.assign(box.begin(), box.end());
    return record;
}

Result<ByteView> checkRecord(const Placement& placement, ByteView record) {
    if (placement.seal != Seal::Clear) return fail(ErrorKind::PermissionDenied, "record: sealed");
    if (record.size() != placement.total_bytes) return corruptRecord("length");
    const std::size_t body = record.size() - kTrailer_bytes;
    ByteReader trailer(record.subspan(body));
    if (trailer.get<std::uint32_t>() != crc32c(record.first(body))) return corruptRecord("checksum");
    if (!allZero(trailer.rest())) return corruptRecord("trailer");
    const std::size_t front = kPlacement_bytes + placement.meta_bytes;
    return record.subspan(front, body - front);
}

}  // namespace camgate::ring
