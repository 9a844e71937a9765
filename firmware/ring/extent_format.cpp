#include "ring/extent_format.hpp"

#include <algorithm>

namespace camgate::ring {
namespace {

constexpr std::string_view kRingMagic = "CGRING\r\n";
constexpr std::uint32_t kFooterMagic = 0x58474743;   // "CGGX"
constexpr std::uint32_t kRetiredMagic = 0x42474743;  // "CGGB"
constexpr std::size_t kGateway_bytes = 64;
constexpr std::size_t kBlockCrc_bytes = 4;
constexpr std::size_t kSummaryCountAt_bytes = 56;
constexpr std::size_t kSummariesAt_bytes = 64;
constexpr std::size_t kSummaryNonceAt_bytes = kSummariesAt_bytes + kMaxSummaries * kSummary_bytes;

std::unexpected<Error> corruptExtent(const char* what) {
    return fail(ErrorKind::Corruption, std::string("extent: ") + what);
}

/// Pads to a block whose last four bytes are its checksum.
Bytes finishBlock(ByteWriter&& out) {
    Bytes block = std::move(out).take();
    block.resize(kBlock_bytes - kBlockCrc_bytes);
    ByteWriter crc;
    crc.put(crc32c(block));
    block.insert(block.end(), crc.bytes().begin(), crc.bytes().end());
    return block;
}

bool blockIsWhole(ByteView block) {
    ByteReader crc(block.last(kBlockCrc_bytes));
    return crc.get<std::uint32_t>() == crc32c(block.first(block.size() - kBlockCrc_bytes));
}

void putMap(const TimeMap& map, ByteWriter& out) {
    out.put(std::int64_t{map.offset.count()});
    out.put(static_cast<std::uint32_t>(std::clamp<std::int64_t>(map.error_bound.count(), 0, UINT32_MAX)));
    out.put(static_cast<std::uint8_t>(map.quality));
}

bool getMap(ByteReader& in, TimeMap& map) {
    map.offset = Duration(in.get<std::int64_t>());
    map.error_bound = std::chrono::milliseconds(in.get<std::uint32_t>());
    const auto quality = in.get<std::uint8_t>();
    map.quality = static_cast<WallQuality>(quality);
    return quality <= static_cast<std::uint8_t>(WallQuality::Ntp);
}

void putSummary(const StreamSummary& summary, ByteWriter& out) {
    out.put(summary.camera_tag);
    out.put(summary.boot_session);
    out.put(std::int64_t{summary.first_decode.time_since_epoch().count()});
    out.put(std::int64_t{summary.last_decode.time_since_epoch().count()});
    out.put(summary.last_sequence);
    putMap(summary.best_map, out);
    out.put(static_cast<std::uint8_t>(summary.stream));
    out.put(std::uint16_t{0});
    out.put(summary.key_slot);
    out.put(std::uint32_t{0});
}

Result<StreamSummary> getSummary(ByteReader& in) {
    StreamSummary summary;
    summary.camera_tag = in.get<std::uint64_t>();
    summary.boot_session = in.get<std::uint64_t>();
    summary.first_decode = BootTime(Duration(in.get<std::int64_t>()));
    summary.last_decode = BootTime(Duration(in.get<std::int64_t>()));
    summary.last_sequence = in.get<std::uint64_t>();
    const bool map_reads = getMap(in, summary.best_map);
    const auto stream = media::streamFromNumber(in.get<std::uint8_t>());
    in.get<std::uint16_t>();
    summary.key_slot = in.get<std::uint32_t>();
    in.get<std::uint32_t>();
    const bool computes = computable(summary.first_decode.time_since_epoch()) &&
                          computable(summary.last_decode.time_since_epoch()) &&
                          computable(summary.best_map.offset);
    if (!in.ok() || !map_reads || !stream || !computes) return corruptExtent("summary");
    summary.stream = *stream;
    return summary;
}

Status getSummaries(ByteReader& in, std::size_t count, std::vector<StreamSummary>& into) {
    for (std::size_t i = 0; i < count; ++i) {
        const auto summary = getSummary(in);
        if (!summary) return std::unexpected(summary.error());
        into.push_back(*summary);
    }
    return {};
}

}  // namespace

std::uint64_t RingFileHeader::tag() const {
    ByteReader in(ByteView(id).first(8));
    return in.get<std::uint64_t>();
}

Bytes encodeRingHeader(const RingFileHeader& header) {
    ByteWriter out;
    out.putBytes(asBytes(kRingMagic));
    out.put(kRingVersion);
    out.put(std::uint16_t{0});
    out.put(std::uint32_t{0});
    out.putBytes(header.id);
    out.put(header.extent_bytes);
    out.put(header.extent_count);
    out.put(static_cast<std::uint32_t>(header.gateway.size()));
    out.put(header.created_ns);
    Bytes gateway(header.gateway.begin(), header.gateway.end());
    gateway.resize(kGateway_bytes);
    out.putBytes(gateway);
    return finishBlock(std::move(out));
}

Result<RingFileHeader> decodeRingHeader(ByteView block) {
    if (block.size() != kBlock_bytes) return corruptExtent("ring header length");
    ByteReader in(block);
    if (asText(in.getBytes(kRingMagic.size())) != kRingMagic)
        return fail(ErrorKind::NotFound, "not a camgate ring");
    if (!blockIsWhole(block)) return corruptExtent("ring header checksum");
    const auto version = in.get<std::uint16_t>();
    if (version != kRingVersion) {
        return fail(ErrorKind::FailedPrecondition, "the ring has format version " + std::to_string(version) +
                                                       ", this firmware reads " +
                                                       std::to_string(kRingVersion) + "; left as it is");
    }
    in.getBytes(6);
    RingFileHeader header;
    std::ranges::copy(in.getBytes(header.id.size()), header.id.begin());
    header.extent_bytes = in.get<std::uint64_t>();
    header.extent_count = in.get<std::uint32_t>();
    const auto gateway_bytes = in.get<std::uint32_t>();
    header.created_ns = in.get<std::int64_t>();
    const bool sane = in.ok() && gateway_bytes <= kGateway_bytes && header.extent_count >= 2 &&
                      header.extent_count <= kMaxExtents && header.extent_bytes >= kLeastExtent_bytes &&
                      header.extent_bytes % kExtentUnit_bytes == 0 &&
                      header.extent_bytes <= kMostExtent_bytes;
    if (!sane) return corruptExtent("ring header");
    header.gateway = asText(in.getBytes(gateway_bytes));
    return header;
}

Result<Bytes> encodeFooter(const ExtentFooter& footer, std::uint64_t ring_tag, const SummarySeal& seal) {
    ByteWriter out;
    out.put(kFooterMagic);
    out.put(kRingVersion);
    out.put(static_cast<std::uint8_t>(footer.state));
    out.put(footer.retention_class);
    out.put(ring_tag);
    out.put(footer.generation);
    out.put(footer.last_counter);
    out.put(footer.bytes_ever);
    out.put(footer.extent);
    out.put(footer.records);
    out.put(footer.index_offset);
    out.put(footer.index_crc);
    const std::size_t count = std::min(footer.summaries.size(), kMaxSummaries);
    out.put(static_cast<std::uint16_t>(count));
    out.put(
        static_cast<std::uint16_t>(footer.summaries_complete && count == footer.summaries.size() ? 1 : 0));
    out.put(footer.key_slot);
    for (std::size_t i = 0; i < count; ++i) putSummary(footer.summaries[i], out);
    if (footer.key_slot == 0) return finishBlock(std::move(out));
    Bytes bytes = std::move(out).take();
    const std::span all(bytes);
    const auto tag = crypto::aeadSealInPlace(seal.key, seal.nonce, all.first(kSummariesAt_bytes),
                                             all.subspan(kSummariesAt_bytes));
    if (!tag) return std::unexpected(tag.error());
    bytes.resize(kSummaryNonceAt_bytes);
    ByteWriter sealed;
    sealed.putBytes(bytes);
    sealed.putBytes(seal.nonce);
    sealed.putBytes(*tag);
    return finishBlock(std::move(sealed));
}

Result<ExtentFooter> decodeFooter(ByteView block, std::uint64_t ring_tag, std::uint32_t extent) {
    if (block.size() != kBlock_bytes) return corruptExtent("footer length");
    ExtentFooter footer;
    footer.extent = extent;
    if (allZero(block)) return footer;
    ByteReader in(block);
    if (in.get<std::uint32_t>() != kFooterMagic) return corruptExtent("no footer");
    if (!blockIsWhole(block)) return corruptExtent("footer checksum");
    const auto version = in.get<std::uint16_t>();
    if (version != kRingVersion)
        return fail(ErrorKind::FailedPrecondition, "extent: written by a newer version");
    const auto state = in.get<std::uint8_t>();
    footer.retention_class = in.get<std::uint8_t>();
    const bool ours = in.get<std::uint64_t>() == ring_tag;
    footer.generation = in.get<std::uint64_t>();
    footer.last_counter = in.get<std::uint64_t>();
    footer.bytes_ever = in.get<std::uint64_t>();
    const bool here = in.get<std::uint32_t>() == extent;
    footer.records = in.get<std::uint32_t>();
    footer.index_offset = in.get<std::uint32_t>();
    footer.index_crc = in.get<std::uint32_t>();
    const auto count = in.get<std::uint16_t>();
    footer.summaries_complete = in.get<std::uint16_t>() == 1;
    footer.key_slot = in.get<std::uint32_t>();
    if (!ours || !here) return corruptExtent("footer of another ring or extent");
    if (state > static_cast<std::uint8_t>(ExtentState::Closed) || count > kMaxSummaries ||
        footer.retention_class >= kRetentionClasses)
        return corruptExtent("footer");
    footer.state = static_cast<ExtentState>(state);
    if (footer.key_slot != 0) return footer;
    if (auto got = getSummaries(in, count, footer.summaries); !got) return std::unexpected(got.error());
    return footer;
}

Bytes encodeRetired(const RetiredTable& table, std::uint64_t ring_tag) {
    ByteWriter out;
    out.put(kRetiredMagic);
    out.put(kRingVersion);
    out.put(std::uint16_t{0});
    out.put(ring_tag);
    out.put(table.sequence);
    out.put(static_cast<std::uint32_t>(table.extents.size()));
    out.put(std::uint32_t{0});
    std::array<std::uint8_t, kMaxExtents / 8> bits{};
    for (const std::uint32_t extent : table.extents) {
        bits.at(extent / 8) = static_cast<std::uint8_t>(bits.at(extent / 8) | (1U << (extent % 8)));
    }
    out.putBytes(bits);
    return finishBlock(std::move(out));
}

Result<RetiredTable> decodeRetired(ByteView block, std::uint64_t ring_tag) {
    if (block.size() != kBlock_bytes || !blockIsWhole(block))
        return corruptExtent("table of retired extents");
    ByteReader in(block);
    if (in.get<std::uint32_t>() != kRetiredMagic) return corruptExtent("no table of retired extents");
    if (in.get<std::uint16_t>() != kRingVersion)
        return fail(ErrorKind::FailedPrecondition, "retired extents: written by a newer version");
    in.get<std::uint16_t>();
    if (in.get<std::uint64_t>() != ring_tag) return corruptExtent("table of another ring's retired extents");
    RetiredTable table;
    table.sequence = in.get<std::uint64_t>();
    const auto count = in.get<std::uint32_t>();
    in.get<std::uint32_t>();
    const ByteView bits = in.getBytes(kMaxExtents / 8);
    for (std::uint32_t extent = 0; extent < kMaxExtents; ++extent) {
        if ((bits[extent / 8] >> (extent % 8) & 1U) != 0) table.extents.insert(extent);
    }
    if (table.extents.size() != count) return corruptExtent("table of retired extents");
    return table;
}

Status openSummaries(ByteView block, const crypto::AeadKey& key, ExtentFooter& footer) {
    if (block.size() != kBlock_bytes) return corruptExtent("footer length");
    const auto count = ByteReader(block.subspan(kSummaryCountAt_bytes)).get<std::uint16_t>();
    if (count > kMaxSummaries) return corruptExtent("footer");
    crypto::AeadNonce nonce{};
    crypto::AeadTag tag{};
    std::ranges::copy(block.subspan(kSummaryNonceAt_bytes, nonce.size()), nonce.begin());
    std::ranges::copy(block.subspan(kSummaryNonceAt_bytes + nonce.size(), tag.size()), tag.begin());
    const ByteView sealed = block.subspan(kSummariesAt_bytes, count * kSummary_bytes);
    Bytes summaries(sealed.begin(), sealed.end());
    const auto opened = crypto::aeadOpenInPlace(key, nonce, block.first(kSummariesAt_bytes), summaries, tag);
    if (!opened) return passOn(opened.error(), "extent: summaries");
    ByteReader in(summaries);
    return getSummaries(in, count, footer.summaries);
}

bool betterMap(const TimeMap& a, const TimeMap& b) {
    return a.quality >= b.quality;
}

void addToSummaries(const RecordInfo& record, std::vector<StreamSummary>& summaries) {
    const RecordHeader& header = record.header;
    const auto same = [&](const StreamSummary& summary) {
        return summary.camera_tag == header.camera_tag && summary.stream == header.stream &&
               summary.boot_session == header.boot_session && summary.key_slot == record.key_slot;
    };
    auto it = std::ranges::find_if(summaries, same);
    if (it == summaries.end()) {
        summaries.push_back({header.camera_tag, header.stream, header.boot_session, header.first_decode,
                             header.last_decode, header.sequence, header.time_map, record.key_slot});
        return;
    }
    it->first_decode = std::min(it->first_decode, header.first_decode);
    it->last_decode = std::max(it->last_decode, header.last_decode);
    it->last_sequence = std::max(it->last_sequence, header.sequence);
    if (betterMap(header.time_map, it->best_map)) it->best_map = header.time_map;
}

}  // namespace camgate::ring
