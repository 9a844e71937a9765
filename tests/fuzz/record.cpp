// A record as it lies on the card. Its checksums are mended first, so that what lies behind them is reached.
#include "fuzz/fuzz_target.hpp"
#include "ring/record_codec.hpp"
#include "support/ring/draft_maker.hpp"
#include "support/ring/mend.hpp"

namespace camgate::fuzz {
namespace {

using namespace ring;

void checkMeta(const Placement& placement, const RecordMeta& meta, ByteView bytes) {
    const Bytes header = encodeHeader(meta.header);
    const Bytes samples = encodeSamples(meta.samples);
    require(std::ranges::equal(header, bytes.first(header.size())), "a header has one encoding");
    require(std::ranges::equal(samples, bytes.subspan(kHeader_bytes + kLeaf_bytes, samples.size())),
            "samples have one encoding");
    require(meta.config.box.size() == meta.header.config_bytes, "the configuration is as long as it says");
    require(
        placement.total_bytes == kPlacement_bytes + bytes.size() + meta.header.payload_bytes + kTrailer_bytes,
        "lengths add up");
}

Bytes encoded(const test::DraftWish& wish, std::uint64_t counter) {
    const RecordDraft draft = test::makeDraft(wish);
    Placement placement;
    placement.generation = 3;
    placement.counter = counter;
    Bytes bytes;
    require(encodeRecord(draft, leafOf(draft), placement, {}, bytes).has_value(), "a draft is encoded");
    return bytes;
}

}  // namespace

bool readHostile(ByteView input) {
    Bytes bytes(input.begin(), input.end());
    test::mendRecord(bytes);
    const auto placement = decodePlacement(bytes);
    if (!placement) return false;
    if (placement->meta_bytes > bytes.size() - kPlacement_bytes) return false;
    const ByteView front = ByteView(bytes).subspan(kPlacement_bytes, placement->meta_bytes);
    const auto meta = decodeMeta(*placement, front);
    if (meta) checkMeta(*placement, *meta, front);
    if (placement->total_bytes > bytes.size()) return false;
    const auto payload = checkRecord(*placement, ByteView(bytes).first(placement->total_bytes));
    if (meta && payload)
        require(payload->size() == meta->header.payload_bytes, "the payload is as long as it says");
    return meta && payload;
}

std::vector<Bytes> seeds() {
    test::DraftWish one;
    one.samples = 1;
    one.sample_bytes = 5;
    test::DraftWish many;
    many.samples = 12;
    many.sample_bytes = 3;
    many.stream = media::StreamKind::Sub;
    many.starts_random = false;
    return {encoded(one, 1), encoded(many, 77)};
}

}  // namespace camgate::fuzz
