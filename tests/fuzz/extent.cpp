// What start-up reads of a ring beside records: header, footer with index, and an extent that was not closed.
#include <algorithm>

#include "fuzz/fuzz_target.hpp"
#include "ring/extent_scan.hpp"
#include "ring/index_codec.hpp"
#include "support/ring/draft_maker.hpp"
#include "support/ring/mend.hpp"

namespace camgate::fuzz {
namespace {

using namespace ring;

constexpr std::uint64_t kTag = 9;
constexpr std::uint32_t kExtent = 5;
constexpr std::size_t kExtent_bytes = 64U << 10U;

enum Reader : std::uint8_t { Header, FooterAndIndex, Scan, Readers };

/// The input, and zeros behind it.
class InputFile final : public File {
  public:
    explicit InputFile(Bytes bytes) : bytes_(std::move(bytes)) {}
    Status readAt(std::uint64_t offset, std::span<std::uint8_t> into) override {
        require(offset <= bytes_.size() && into.size() <= bytes_.size() - offset, "reads stay in the extent");
        std::copy_n(bytes_.begin() + static_cast<std::ptrdiff_t>(offset), into.size(), into.begin());
        return {};
    }
    Status writeAt(std::uint64_t, std::span<const std::uint8_t>) override {
        return failErrno(EROFS, "writing");
    }
    Status sync() override { return {}; }
    Result<std::uint64_t> size() override { return bytes_.size(); }
    Status resize(std::uint64_t) override { return failErrno(EROFS, "resizing"); }
    Status lock() override { return {}; }

  private:
    Bytes bytes_;
};

Bytes firstBlock(ByteView input) {
    Bytes block(input.begin(),
                input.begin() + static_cast<std::ptrdiff_t>(std::min(input.size(), kBlock_bytes)));
    block.resize(kBlock_bytes);
    test::mendBlock(block);
    return block;
}

bool readHeader(ByteView input) {
    const Bytes block = firstBlock(input);
    const auto header = decodeRingHeader(block);
    if (!header) return false;
    require(encodeRingHeader(*header).size() == kBlock_bytes, "a header that was read can be written");
    require(header->fileBytes() > kFront_bytes, "a ring has extents");
    return true;
}

/// Times may be any number: what the ring computes of them must hold all the same.
void use(const RecordInfo& record, std::vector<StreamSummary>& summaries) {
    addToSummaries(record, summaries);
    (void)record.wallStart();
    (void)record.wallEnd();
}

bool readFooter(ByteView input) {
    const auto footer = decodeFooter(firstBlock(input), kTag, kExtent);
    if (!footer) return false;
    require(encodeFooter(*footer, kTag).value().size() == kBlock_bytes,
            "a footer that was read can be written");
    const ByteView index = input.subspan(std::min(input.size(), kBlock_bytes));
    ExtentFooter mended = *footer;
    mended.index_crc = crc32c(index);
    const auto records = decodeIndex(mended, index, RingKeys{});
    // Entries that name a key are passed over: there is none.
    if (!records || records->size() != footer->records) return false;
    std::vector<StreamSummary> summaries = mended.summaries;
    for (const RecordInfo& record : *records) use(record, summaries);
    require(std::ranges::equal(encodeIndex(*records, RingKeys{}).value(), index),
            "an index has one encoding");
    return true;
}

bool scan(ByteView input) {
    Bytes extent(input.begin(),
                 input.begin() + static_cast<std::ptrdiff_t>(std::min(input.size(), kExtent_bytes)));
    extent.resize(kExtent_bytes);
    for (std::size_t at = 0; at < std::min(input.size(), kExtent_bytes); at += kRecordAlignment_bytes) {
        if (test::word(extent, at) == test::kRecordMagic) test::mendRecord(std::span(extent).subspan(at));
    }
    InputFile file(std::move(extent));
    const ScannedExtent found = scanExtent(file, {kExtent, 0, kExtent_bytes, kTag, 0}, RingKeys{});
    std::vector<StreamSummary> summaries;
    std::uint64_t counter = 0;
    for (const RecordInfo& record : found.records) {
        require(record.at.counter > counter, "counters grow");
        require(record.at.generation == found.generation, "an extent has one generation");
        require(std::uint64_t{record.at.offset_bytes} + record.at.total_bytes <= found.end_bytes,
                "the next round begins behind every record");
        counter = record.at.counter;
        use(record, summaries);
    }
    require(found.end_bytes <= kExtent_bytes, "the next round begins in the extent");
    return !found.records.empty();
}

ExtentFooter sampleFooter(const std::vector<RecordInfo>& records) {
    ExtentFooter footer;
    footer.extent = kExtent;
    footer.state = ExtentState::Closed;
    footer.generation = 3;
    footer.records = static_cast<std::uint32_t>(records.size());
    footer.index_offset = 1U << 20U;
    for (const RecordInfo& record : records) addToSummaries(record, footer.summaries);
    return footer;
}

Bytes footerSeed() {
    std::vector<RecordInfo> records(2);
    for (std::size_t i = 0; i < records.size(); ++i) {
        test::DraftWish wish;
        wish.sequence = i + 1;
        const RecordDraft draft = test::makeDraft(wish);
        records[i].header = draft.header;
        records[i].leaf = leafOf(draft);
        records[i].at = {kExtent, static_cast<std::uint32_t>(4096 * i), 3000, 3, i + 1};
    }
    Bytes bytes = encodeFooter(sampleFooter(records), kTag).value();
    const Bytes index = encodeIndex(records, RingKeys{}).value();
    bytes.insert(bytes.end(), index.begin(), index.end());
    return chosen(FooterAndIndex, bytes);
}

Bytes scanSeed() {
    Bytes extent;
    for (std::uint64_t counter = 1; counter <= 3; ++counter) {
        test::DraftWish wish;
        wish.sequence = counter;
        wish.samples = 2;
        wish.sample_bytes = 40;
        const RecordDraft draft = test::makeDraft(wish);
        Placement placement;
        placement.generation = 3;
        placement.counter = counter;
        placement.ring_tag = kTag;
        placement.durable_below = counter == 3 ? 2 : 0;
        // The second one under a key that nobody has.
        placement.seal = counter == 2 ? Seal::ChaCha20Poly1305 : Seal::Clear;
        placement.key_slot = counter == 2 ? 7 : 0;
        require(encodeRecord(draft, leafOf(draft), placement, {}, extent).has_value(), "a draft is encoded");
        const std::size_t step = counter == 2 ? kBlock_bytes : kRecordAlignment_bytes;
        extent.resize((extent.size() + step - 1) / step * step);
    }
    return chosen(Scan, extent);
}

}  // namespace

bool readHostile(ByteView input) {
    if (input.empty()) return false;
    const ByteView rest = input.subspan(1);
    switch (input[0] % Readers) {
        case Header:
            return readHeader(rest);
        case FooterAndIndex:
            return readFooter(rest);
        default:
            return scan(rest);
    }
}

std::vector<Bytes> seeds() {
    RingFileHeader header;
    header.id.fill(7);
    header.gateway = "gw-1";
    header.extent_bytes = 2 * kExtentUnit_bytes;
    header.extent_count = 7;
    return {chosen(Header, encodeRingHeader(header)), footerSeed(), scanSeed()};
}

}  // namespace camgate::fuzz
