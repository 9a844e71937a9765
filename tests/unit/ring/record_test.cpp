#include <catch2/catch.hpp>
#include <fstream>
#include <random>

#include "ring/index_codec.hpp"
#include "ring/record_seal.hpp"
#include "support/places/places.hpp"
#include "support/ring/draft_maker.hpp"

using namespace camgate;
using namespace camgate::ring;
using namespace std::chrono_literals;

namespace {

Bytes golden(const std::string& name) {
    std::ifstream in(places::goldenFolder() + "/ring/" + name, std::ios::binary);
    std::string hex((std::istreambuf_iterator<char>(in)), std::istreambuf_iterator<char>());
    std::erase_if(hex, [](char c) { return c == '\n' || c == ' '; });
    return *fromHex(hex);
}

/// The worked example of docs/ref/ring-format.md.
RecordDraft example() {
    test::DraftWish wish;
    wish.camera_tag = 0x1122334455667788;
    wish.sequence = 17;
    wish.samples = 2;
    wish.sample_bytes = 3;
    auto draft = test::makeDraft(wish);
    draft.units[0] = {0xAA, 0xBB, 0xCC};
    draft.units[1] = {0xDD, 0xEE, 0xFF};
    draft.samples[1].flags = media::kDisposable;
    draft.samples[1].presentation_offset_ns = 40'000'000;
    draft.header.gap = {GapReason::QuotaFull, BootTime(99s), 5};
    return draft;
}

Placement examplePlacement() {
    Placement placement;
    placement.starts_round = true;
    placement.generation = 3;
    placement.counter = 1048577;
    placement.durable_below = 1048570;
    for (std::uint8_t i = 0; i < 16; ++i) placement.session[i] = i;
    placement.ring_tag = 0x0807060504030201;
    return placement;
}

Bytes exampleBytes() {
    Bytes bytes;
    const auto draft = example();
    REQUIRE(encodeRecord(draft, leafOf(draft), examplePlacement(), {}, bytes));
    return bytes;
}

}  // namespace

TEST_CASE("record: its bytes are those of the reference page", "[ring][golden]") {
    CHECK(toHex(exampleBytes()) == toHex(golden("record.hex")));
}

TEST_CASE("record: what was put is what is read", "[ring]") {
    const Bytes bytes = golden("record.hex");
    const auto draft = example();
    const auto placement = decodePlacement(bytes);
    REQUIRE(placement);
    CHECK(placement->counter == 1048577);
    CHECK(placement->generation == 3);
    CHECK(placement->durable_below == 1048570);
    CHECK(placement->ring_tag == 0x0807060504030201);
    CHECK(placement->total_bytes == bytes.size());
    const auto meta =
        decodeMeta(*placement, ByteView(bytes).subspan(kPlacement_bytes, placement->meta_bytes));
    REQUIRE(meta);
    CHECK(meta->header == draft.header);
    CHECK(meta->samples == draft.samples);
    CHECK(meta->config == draft.config);
    CHECK(meta->leaf == leafOf(draft));
    const auto payload = checkRecord(*placement, bytes);
    REQUIRE(payload);
    CHECK(Bytes(payload->begin(), payload->end()) == Bytes{0xAA, 0xBB, 0xCC, 0xDD, 0xEE, 0xFF});
}

TEST_CASE("record: every flipped bit is noticed", "[ring]") {
    const Bytes good = golden("record.hex");
    for (std::size_t bit = 0; bit < good.size() * 8; ++bit) {
        Bytes bytes = good;
        bytes[bit / 8] = static_cast<std::uint8_t>(bytes[bit / 8] ^ (1U << (bit % 8)));
        const auto placement = decodePlacement(bytes);
        const bool accepted = placement && checkRecord(*placement, bytes).has_value();
        if (accepted) FAIL("bit " << bit);
    }
}

TEST_CASE("record: garbage with right checksums is refused without harm", "[ring]") {
    std::mt19937 random(1);
    const Bytes good = golden("record.hex");
    int refused = 0;
    for (int round = 0; round < 20000; ++round) {
        Bytes meta(good.begin() + kPlacement_bytes, good.end() - 16 - 6);
        auto placement = *decodePlacement(good);
        for (int change = 0; change < 3; ++change)
            meta[random() % meta.size()] = static_cast<std::uint8_t>(random());
        placement.meta_crc = crc32c(meta);
        const auto decoded = decodeMeta(placement, meta);
        if (!decoded) {
            ++refused;
            continue;
        }
        CHECK(decoded->samples.size() == decoded->header.sample_count);
        CHECK(decoded->config.box.size() == decoded->header.config_bytes);
    }
    CHECK(refused > 1000);
    for (std::size_t length = 0; length < kPlacement_bytes; ++length) {
        CHECK_FALSE(decodePlacement(ByteView(good).first(length)));
    }
}

TEST_CASE("record: times that no clock shows are refused, not computed with", "[ring]") {
    const std::array<void (*)(RecordHeader&), 4> faults{
        [](RecordHeader& header) { header.first_decode = BootTime::min(); },
        [](RecordHeader& header) { header.last_decode = BootTime::max(); },
        [](RecordHeader& header) { header.time_map.offset = Duration::max(); },
        [](RecordHeader& header) { header.time_map.error_bound = std::chrono::milliseconds::max(); },
    };
    for (const auto fault : faults) {
        RecordHeader header = example().header;
        CHECK(decodeHeader(encodeHeader(header)));
        fault(header);
        CHECK(decodeHeader(encodeHeader(header)).error().kind == ErrorKind::Corruption);
    }
}

TEST_CASE("record: a seal that a newer version knows is told apart from damage", "[ring]") {
    Bytes bytes = exampleBytes();
    auto placement = examplePlacement();
    placement.seal = static_cast<Seal>(2);
    CHECK(decodePlacement(encodePlacement(placement)).error().kind == ErrorKind::FailedPrecondition);
    bytes[4] = 9;
    CHECK(decodePlacement(bytes).error().kind == ErrorKind::Corruption);
}

namespace {

constexpr crypto::AeadKey kKey{1, 2, 3, 4};

Placement sealedPlacement() {
    Placement placement = examplePlacement();
    placement.seal = Seal::ChaCha20Poly1305;
    placement.key_slot = 6;
    return placement;
}

Bytes sealedBytes() {
    Bytes bytes;
    const auto draft = example();
    REQUIRE(encodeRecord(draft, leafOf(draft), sealedPlacement(), kKey, bytes));
    return bytes;
}

}  // namespace

TEST_CASE("sealed record: its bytes are those of the reference page", "[ring][sealing][golden]") {
    CHECK(toHex(sealedBytes()) == toHex(golden("sealed-record.hex")));
}

TEST_CASE("sealed record: front and payload open apart, and are what was put", "[ring][sealing]") {
    Bytes bytes = golden("sealed-record.hex");
    // 16 for the front's tag; the payload's is the trailer.
    CHECK(bytes.size() == golden("record.hex").size() + 16);
    const auto placement = decodePlacement(bytes).value();
    CHECK(placement.key_slot == 6);
    CHECK(placement.total_bytes == bytes.size());
    Bytes front(bytes.begin() + kPlacement_bytes, bytes.begin() + kPlacement_bytes + placement.meta_bytes);
    const auto meta = decodeMeta(placement, openFront(kKey, placement, front).value());
    REQUIRE(meta);
    CHECK(meta->header == example().header);
    CHECK(meta->samples == example().samples);
    CHECK(meta->leaf == leafOf(example()));
    CHECK(checkRecord(placement, bytes).error().kind == ErrorKind::PermissionDenied);
    const auto payload = openRecord(kKey, placement, bytes).value();
    CHECK(Bytes(payload.begin(), payload.end()) == Bytes{0xAA, 0xBB, 0xCC, 0xDD, 0xEE, 0xFF});
}

TEST_CASE("sealed record: every flipped bit is noticed, and another key opens nothing", "[ring][sealing]") {
    const Bytes good = golden("sealed-record.hex");
    for (std::size_t bit = 0; bit < good.size() * 8; ++bit) {
        Bytes bytes = good;
        bytes[bit / 8] = static_cast<std::uint8_t>(bytes[bit / 8] ^ (1U << (bit % 8)));
        const auto placement = decodePlacement(bytes);
        if (placement && openRecord(kKey, *placement, bytes)) FAIL("bit " << bit);
    }
    Bytes bytes = good;
    CHECK(openRecord({}, *decodePlacement(good), bytes).error().kind == ErrorKind::Corruption);
}

TEST_CASE("sealed record: lengths that lie are refused without harm", "[ring][sealing]") {
    const Bytes good = golden("sealed-record.hex");
    for (std::size_t length = 0; length < good.size(); ++length) {
        Bytes bytes(good.begin(), good.begin() + static_cast<std::ptrdiff_t>(length));
        CHECK_FALSE(openRecord(kKey, *decodePlacement(good), bytes).has_value());
        CHECK_FALSE(openFront(kKey, *decodePlacement(good), bytes).has_value());
    }
    auto placement = sealedPlacement();
    for (const std::uint32_t meta_bytes : {0U, 15U, 16U, 191U, 4'000'000'000U}) {
        placement.total_bytes = 400;
        placement.meta_bytes = meta_bytes;
        CHECK(decodePlacement(encodePlacement(placement)).error().kind == ErrorKind::Corruption);
        Bytes bytes(400);
        CHECK_FALSE(openRecord(kKey, placement, bytes).has_value());
    }
    placement = sealedPlacement();
    placement.total_bytes = 400;
    placement.meta_bytes = 300;
    placement.key_slot = 0;
    CHECK(decodePlacement(encodePlacement(placement)).error().kind == ErrorKind::Corruption);
}

TEST_CASE("sealed footer: summaries come back with the key, and nothing without it", "[ring][sealing]") {
    ExtentFooter footer;
    footer.extent = 2;
    footer.state = ExtentState::Closed;
    footer.key_slot = 1;
    RecordInfo info;
    info.header = example().header;
    info.key_slot = 6;
    addToSummaries(info, footer.summaries);
    const Bytes block = encodeFooter(footer, 9, {kKey, {5, 5, 5}}).value();
    CHECK(toHex(block).find("8877665544332211") == std::string::npos);
    auto read = decodeFooter(block, 9, 2).value();
    CHECK(read.key_slot == 1);
    CHECK(read.summaries.empty());
    CHECK(openSummaries(block, {}, read).error().kind == ErrorKind::Corruption);
    CHECK(read.summaries.empty());
    REQUIRE(openSummaries(block, kKey, read));
    REQUIRE(read.summaries.size() == 1);
    CHECK(read.summaries[0].camera_tag == info.header.camera_tag);
    CHECK(read.summaries[0].key_slot == 6);
    for (std::size_t length = 0; length < block.size(); length += 7) {
        CHECK_FALSE(openSummaries(ByteView(block).first(length), kKey, read).has_value());
    }
}

TEST_CASE("ring header and footer: their bytes are those of the reference page", "[ring][golden]") {
    RingFileHeader header;
    for (std::uint8_t i = 0; i < 16; ++i) header.id[i] = static_cast<std::uint8_t>(i + 1);
    header.gateway = "gw-1";
    header.extent_bytes = 8U << 20U;
    header.extent_count = 7;
    header.created_ns = 1'772'366'400'000'000'000;
    CHECK(header.tag() == 0x0807060504030201);
    CHECK(toHex(encodeRingHeader(header)) == toHex(golden("header.hex")));
    const auto back = decodeRingHeader(golden("header.hex"));
    REQUIRE(back);
    CHECK(back->gateway == "gw-1");
    CHECK(back->fileBytes() == 60U << 20U);

    ExtentFooter footer;
    footer.extent = 5;
    footer.state = ExtentState::Closed;
    footer.generation = 3;
    footer.last_counter = 1048577;
    footer.bytes_ever = 123456789;
    footer.records = 1;
    footer.index_offset = (8U << 20U) - 8192;
    RecordInfo info;
    info.header = example().header;
    info.leaf = leafOf(example());
    info.at = {5, 4096, 317, 3, 1048577};
    const Bytes index = encodeIndex({info}, RingKeys{}).value();
    footer.index_crc = crc32c(index);
    addToSummaries(info, footer.summaries);
    CHECK(toHex(encodeFooter(footer, header.tag()).value()) == toHex(golden("footer.hex")));
    CHECK(toHex(index) == toHex(golden("index.hex")));
    const auto read = decodeFooter(golden("footer.hex"), header.tag(), 5);
    REQUIRE(read);
    CHECK(read->summaries.size() == 1);
    CHECK(read->summaries[0].last_sequence == 17);
    CHECK(read->summaries_complete);
    const auto records = decodeIndex(*read, golden("index.hex"), RingKeys{});
    REQUIRE(records);
    CHECK(records->front().header == info.header);
    CHECK(records->front().at == info.at);
    CHECK(records->front().leaf == info.leaf);
}

TEST_CASE("footer: zeros are an unused extent, another ring's or extent's footer is Corruption", "[ring]") {
    const Bytes block = golden("footer.hex");
    CHECK(decodeFooter(Bytes(kBlock_bytes), 1, 0)->state == ExtentState::Unused);
    CHECK(decodeFooter(block, 1, 5).error().kind == ErrorKind::Corruption);
    CHECK(decodeFooter(block, 0x0807060504030201, 4).error().kind == ErrorKind::Corruption);
    for (std::size_t byte = 0; byte < block.size(); ++byte) {
        Bytes bad = block;
        bad[byte] = static_cast<std::uint8_t>(bad[byte] + 1);
        REQUIRE_FALSE(decodeFooter(bad, 0x0807060504030201, 5));
    }
}

TEST_CASE("footer: a summary with times that no clock shows is Corruption", "[ring]") {
    ExtentFooter footer;
    footer.state = ExtentState::Closed;
    footer.summaries.resize(1);
    CHECK(decodeFooter(encodeFooter(footer, 9).value(), 9, 0));
    footer.summaries[0].best_map.offset = Duration::min();
    CHECK(decodeFooter(encodeFooter(footer, 9).value(), 9, 0).error().kind == ErrorKind::Corruption);
}

TEST_CASE("footer: more streams than fit are said to be more", "[ring]") {
    ExtentFooter footer;
    footer.state = ExtentState::Closed;
    footer.summaries.resize(kMaxSummaries + 1);
    const auto read = decodeFooter(encodeFooter(footer, 9).value(), 9, 0);
    REQUIRE(read);
    CHECK(read->summaries.size() == kMaxSummaries);
    CHECK_FALSE(read->summaries_complete);
}

TEST_CASE("record: a pause is read by firmware that knows none as a lost camera", "[ring]") {
    auto draft = example();
    draft.header.gap = {GapReason::Paused, BootTime(99s), 5};
    const Bytes header = encodeHeader(draft.header);
    CHECK(header[84] == static_cast<std::uint8_t>(GapReason::CameraLost));
    CHECK(toHex(ByteView(header).subspan(80, 4)) == "ffffffff");
    CHECK(decodeHeader(header)->gap == Gap{GapReason::Paused, BootTime(99s), 0});
    // The reader keeps the leaf: what it writes again are the same bytes.
    CHECK(encodeHeader(*decodeHeader(header)) == header);

    draft.header.gap = {GapReason::CameraLost, BootTime(99s), 0xFFFFFFFF};
    CHECK(decodeHeader(encodeHeader(draft.header))->gap.reason == GapReason::CameraLost);
}
