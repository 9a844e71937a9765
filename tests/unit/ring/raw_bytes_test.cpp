// A sealed ring as whoever holds the card sees it: bytes. The same search over a ring in clear finds all of
// it, which shows that it looks for the right things.
#include <catch2/catch.hpp>

#include "ring/camera_tag.hpp"
#include "support/ring/sealed_rig.hpp"

using namespace camgate;
using namespace camgate::ring;
using namespace std::chrono_literals;
using camgate::test::SealedRig;

namespace {

constexpr std::string_view kCamera = "front-door";

/// Units as cameras send them: length, NAL unit header, slice data.
void makeReal(RecordDraft& draft) {
    for (std::size_t i = 0; i < draft.units.size(); ++i) {
        Bytes& unit = draft.units[i];
        const std::size_t length = unit.size() - 4;
        for (std::size_t byte = 0; byte < 4; ++byte)
            unit[byte] = static_cast<std::uint8_t>(length >> (8 * (3 - byte)));
        unit[4] = i == 0 ? 0x65 : 0x41;
    }
}

template <class T>
Bytes littleEndian(T value) {
    ByteWriter out;
    out.put(value);
    return std::move(out).take();
}

struct Pattern {
    std::string what;
    Bytes bytes;
};

/// What a record must not show: everything in it but the documented clear header.
std::vector<Pattern> patternsOf(const RecordDraft& draft) {
    std::vector<Pattern> patterns;
    const RecordHeader& header = draft.header;
    patterns.push_back({"camera tag", littleEndian(header.camera_tag)});
    patterns.push_back(
        {"first time", littleEndian(std::int64_t{header.first_decode.time_since_epoch().count()})});
    patterns.push_back(
        {"last time", littleEndian(std::int64_t{header.last_decode.time_since_epoch().count()})});
    patterns.push_back({"time map", littleEndian(std::int64_t{header.time_map.offset.count()})});
    patterns.push_back({"boot session", littleEndian(header.boot_session)});
    patterns.push_back({"configuration", draft.config.box});
    patterns.push_back({"configuration's id", littleEndian(header.config_id)});
    const crypto::Digest leaf = leafOf(draft);
    patterns.push_back({"leaf", Bytes(leaf.begin(), leaf.end())});
    const Bytes samples = encodeSamples(draft.samples);
    for (std::size_t i = 0; i < draft.samples.size(); ++i) {
        // Sizes and times of one sample; the first eight bytes are its size and step.
        const auto row = samples.begin() + static_cast<std::ptrdiff_t>(i * kSample_bytes);
        patterns.push_back({"sample", Bytes(row, row + 12)});
        patterns.push_back({"NAL unit", Bytes(draft.units[i].begin(), draft.units[i].begin() + 12)});
        patterns.push_back(
            {"inside a unit", Bytes(draft.units[i].begin() + 500, draft.units[i].begin() + 512)});
    }
    return patterns;
}

/// Most of a new ring is zeros, which cost time to search and hide nothing: no run of them is longer than any
/// pattern.
Bytes withShortRuns(const Bytes& raw) {
    constexpr std::size_t kLongest = 4096;
    Bytes out;
    std::size_t zeros = 0;
    for (const std::uint8_t byte : raw) {
        zeros = byte == 0 ? zeros + 1 : 0;
        if (zeros <= kLongest) out.push_back(byte);
    }
    return out;
}

/// Names of what is found on the card.
std::set<std::string> visible(SealedRig& rig, const std::vector<RecordDraft>& drafts) {
    const Bytes raw = withShortRuns(rig.raw());
    std::set<std::string> found;
    const auto look = [&](const std::string& what, ByteView bytes) {
        if (!found.contains(what) && test::holds(raw, bytes)) found.insert(what);
    };
    look("camera's name", asBytes(kCamera));
    // Long enough that no sealed byte followed by padding looks like it.
    look("canonical header", Bytes{'C', 'G', 'G', 'H', 1, 0, 144, 0});
    for (const std::uint8_t nal : Bytes{0x65, 0x41, 0x67, 0x68, 0x26, 0x40})
        look("start code", Bytes{0, 0, 0, 1, nal});
    for (const RecordDraft& draft : drafts) {
        for (const Pattern& pattern : patternsOf(draft)) look(pattern.what, pattern.bytes);
    }
    return found;
}

/// Two streams of 600 kB each: an extent is closed, one is open.
std::vector<RecordDraft> fill(SealedRig& rig) {
    std::vector<RecordDraft> drafts;
    for (int round = 0; round < 8; ++round) {
        std::vector<RecordDraft> drafted;
        for (const auto stream : {media::StreamKind::Main, media::StreamKind::Sub}) {
            drafted.push_back(rig.draft(cameraTag("gw-1", kCamera), 30'000));
            drafted.back().header.stream = stream;
            drafted.back().header.boot_session = 0x5A17'C3D4'9B2E'68F1;  // no zero in it, which padding has
            makeReal(drafted.back());
        }
        rig.clock.advance(1s);
        REQUIRE(rig.ring->append(drafted));
        for (RecordDraft& draft : drafted) drafts.push_back(std::move(draft));
    }
    return drafts;
}

}  // namespace

TEST_CASE("raw bytes: a sealed ring shows no stream, no camera, no times and no sizes of samples",
          "[ring][sealing]") {
    for (const bool seal : {false, true}) {
        SealedRig rig;
        rig.options.sealing.seal = seal;
        rig.open();
        const auto drafts = fill(rig);
        REQUIRE(rig.ring->stats().extents_used == 2);
        const auto found = visible(rig, drafts);
        if (seal) {
            CHECK(found == std::set<std::string>{});
        } else {
            CHECK(found == std::set<std::string>{"NAL unit", "boot session", "camera tag", "canonical header",
                                                 "configuration", "configuration's id", "first time",
                                                 "inside a unit", "last time", "leaf", "sample", "time map"});
        }
    }
}

TEST_CASE("raw bytes: sealed records look like noise: every byte value is about as frequent",
          "[ring][sealing]") {
    SealedRig rig;
    rig.open();
    std::vector<RecordDraft> round;
    round.push_back(rig.draft(1, 40'000));
    // The plainest picture there is.
    for (Bytes& unit : round.back().units) std::ranges::fill(unit, std::uint8_t{0});
    const auto info = rig.ring->append(round).value().records.front();
    const Bytes raw = rig.raw();
    std::array<double, 256> counts{};
    const auto begin = static_cast<std::size_t>(kFront_bytes + info.at.extent * 4 * test::kMiB +
                                                info.at.offset_bytes + kPlacement_bytes);
    const std::size_t count = info.at.total_bytes - kPlacement_bytes;
    for (std::size_t i = 0; i < count; ++i) counts[raw[begin + i]] += 1;
    // Some 400 kB: 1564 of each value, give or take 40 (one standard deviation); 8 of them never happen.
    const double expected = static_cast<double>(count) / 256;
    for (const double seen : counts) CHECK(std::abs(seen - expected) < 8 * std::sqrt(expected));
}
