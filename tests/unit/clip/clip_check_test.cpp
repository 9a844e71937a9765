#include <catch2/catch.hpp>

#include "evidence/clip_check.hpp"
#include "evidence/clip_units.hpp"
#include "support/clip/clip_rig.hpp"

using namespace camgate;
using namespace camgate::evidence;
using namespace std::chrono_literals;
using test::BuiltClip;
using test::ClipRig;

namespace {

ClipReport check(const BuiltClip& clip) {
    MemoryClip bytes(clip.bytes);
    return checkClip(bytes, clip.manifest, clip.sha256).value();
}

std::vector<ClipUnit> unitsOf(const BuiltClip& clip) {
    MemoryClip bytes(clip.bytes);
    return findUnits(bytes, 1000).value().units;
}

std::string text(const ClipReport& report) {
    std::string all;
    for (const ClipFinding& finding : report.findings) {
        all += (finding.record ? std::to_string(*finding.record) : "-") + ":" +
               std::string(toString(finding.fault)) + " ";
    }
    return all;
}

Bytes cutOut(const Bytes& bytes, std::uint64_t begin, std::uint64_t end) {
    return Bytes(bytes.begin() + static_cast<std::ptrdiff_t>(begin),
                 bytes.begin() + static_cast<std::ptrdiff_t>(end));
}

/// The units in another order, what is in front of the first one kept.
void rearrange(BuiltClip& clip, const std::vector<std::size_t>& order) {
    const auto units = unitsOf(clip);
    Bytes made = cutOut(clip.bytes, 0, units.front().offset);
    for (const std::size_t unit : order) {
        const Bytes part = cutOut(clip.bytes, units[unit].offset, units[unit].end);
        made.insert(made.end(), part.begin(), part.end());
    }
    clip.bytes = made;
}

BuiltClip fiveRecords() {
    ClipRig rig;
    rig.record(6);
    return rig.clip(0s, 4900ms);
}

}  // namespace

TEST_CASE("clip check: a clip as the builder makes it has nothing to find", "[clip]") {
    ClipRig rig;
    rig.record(3);
    SECTION("plain") {}
    SECTION("a gap that is listed") {
        rig.next(4s);
        rig.record(2);
    }
    SECTION("a silence that nobody declared") {
        rig.wish.first_decode += 60s;
        rig.record(2);
    }
    SECTION("parameters change") {
        rig.wish.config = test::smallConfig(0x42);
        rig.wish.config.width_px = 320;
        rig.record(3);
    }
    SECTION("another boot, whose wall clock was set back") {
        rig.wish.boot_session = 43;
        rig.wish.first_decode = BootTime(5s);
        rig.wish.time_map.offset += 99s;
        rig.record(3);
    }
    SECTION("a record of a single picture at the end") {
        rig.wish.samples = 1;
        rig.record(1);
    }
    const auto clip = rig.clip(0s, 70s);
    const auto report = check(clip);
    CHECK(text(report).empty());
    CHECK(report.hash_right);
    CHECK(report.missing_records == 0);
    CHECK(report.corrected == 0s);
}

TEST_CASE("clip check: pictures that were left out are checked with their record", "[clip]") {
    ClipRig rig;
    const std::size_t leading = GENERATE(1U, 3U, 9U);
    for (int i = 0; i < 2; ++i) {
        auto draft = test::makeDraft(rig.wish);
        draft.samples[0].random_access = media::RandomAccess::Open;
        draft.header.starts_with = media::RandomAccess::Open;
        for (std::size_t k = 1; k <= leading; ++k) draft.samples[k].flags = media::kLeading;
        rig.append(std::move(draft));
        rig.next();
    }
    auto clip = rig.clip(0s, 2s);
    REQUIRE(clip.plan.files[0].records[0].skipped_samples == leading);
    CHECK(text(check(clip)).empty());
    // A byte of a picture that no player shows.
    clip.bytes[static_cast<std::size_t>(unitsOf(clip)[0].payload + 201)] ^= 1U;
    CHECK(text(check(clip)) == "0:altered ");
}

TEST_CASE("clip check: every single byte that is changed is found, in the record that it belongs to",
          "[clip]") {
    const BuiltClip good = fiveRecords();
    const auto units = unitsOf(good);
    REQUIRE(units.size() == 5);
    // Headers byte by byte, payloads in steps: they are one hash.
    for (std::size_t at = 0; at < good.bytes.size(); ++at) {
        BuiltClip bent = good;
        bent.bytes[at] ^= 0x10U;
        const auto report = check(bent);
        std::size_t owner = 0;
        bool in_payload = false;
        for (std::size_t i = 0; i < units.size(); ++i) {
            if (at < units[i].offset) continue;
            owner = i;
            in_payload = at >= units[i].payload;
        }
        INFO("byte " << at << ": " << text(report));
        REQUIRE_FALSE(report.hash_right);
        REQUIRE_FALSE(report.findings.empty());
        REQUIRE(report.findings.front().record == owner);
        REQUIRE_FALSE(report.onlyMissing());
        if (in_payload) at += 97;
    }
}

TEST_CASE("clip check: records that are dropped are missing, and only they", "[clip]") {
    BuiltClip clip = fiveRecords();
    SECTION("the first") {
        rearrange(clip, {1, 2, 3, 4});
        CHECK(text(check(clip)) == "0:missing ");
    }
    SECTION("in the middle") {
        rearrange(clip, {0, 3, 4});
        CHECK(text(check(clip)) == "1:missing 2:missing ");
        CHECK(check(clip).missing_records == 2);
    }
    SECTION("the last") {
        rearrange(clip, {0, 1, 2, 3});
        CHECK(text(check(clip)) == "4:missing ");
    }
    CHECK(check(clip).onlyMissing());
}

TEST_CASE("clip check: a clip that ends too early says where", "[clip]") {
    const BuiltClip good = fiveRecords();
    const auto units = unitsOf(good);
    for (std::size_t length = 0; length < good.bytes.size(); length += 61) {
        BuiltClip cut = good;
        cut.bytes.resize(length);
        const auto report = check(cut);
        std::size_t whole = 0;
        while (whole < units.size() && units[whole].end <= length) ++whole;
        INFO("length " << length << ": " << text(report));
        REQUIRE(report.findings.front().record == whole);
        REQUIRE(report.onlyMissing());
        REQUIRE(report.missing_records == 5 - whole);
    }
}

TEST_CASE("clip check: records in another order are named", "[clip]") {
    BuiltClip clip = fiveRecords();
    rearrange(clip, {0, 2, 1, 3, 4});
    CHECK(text(check(clip)).starts_with("1:moved "));
    clip = fiveRecords();
    rearrange(clip, {4, 1, 2, 3, 0});
    CHECK(text(check(clip)).starts_with("0:moved "));
}

TEST_CASE("clip check: a record that lies there twice, and bytes that are none, are extra", "[clip]") {
    BuiltClip clip = fiveRecords();
    SECTION("twice") {
        rearrange(clip, {0, 1, 1, 2, 3, 4});
        CHECK(text(check(clip)) == "2:extra ");
    }
    SECTION("between") {
        const auto at = static_cast<std::ptrdiff_t>(unitsOf(clip)[3].offset);
        clip.bytes.insert(clip.bytes.begin() + at, 9, 0xAA);
        CHECK(text(check(clip)) == "3:extra ");
    }
    SECTION("at the end") {
        clip.bytes.push_back(0);
        CHECK(text(check(clip)) == "-:extra ");
    }
}

TEST_CASE("clip check: records of another camera, gateway or stream are foreign", "[clip]") {
    BuiltClip clip = fiveRecords();
    ClipRig other("cg-1", "yard"), far("cg-2", "gate"), sub;
    sub.wish.stream = media::StreamKind::Sub;
    BuiltClip source;
    for (ClipRig* rig : {&other, &far, &sub}) {
        rig->record(6);
        // Preview of the one with a sub-stream only is the same range.
        const clip::ClipRequest request{rig == &other ? "yard" : "gate", ClipRig::kStart,
                                        ClipRig::kStart + 4900ms,
                                        rig == &sub ? clip::Quality::Preview : clip::Quality::Full, ""};
        clip::ClipBuilder builder(*rig->ring, clip::makePlan(*rig->ring, request).value());
        source.bytes = builder.read(0, 1U << 18U).value();
        const auto from = unitsOf(source)[2], into = unitsOf(clip)[2];
        BuiltClip spliced = clip;
        REQUIRE(from.end - from.offset == into.end - into.offset);
        std::copy(source.bytes.begin() + static_cast<std::ptrdiff_t>(from.offset),
                  source.bytes.begin() + static_cast<std::ptrdiff_t>(from.end),
                  spliced.bytes.begin() + static_cast<std::ptrdiff_t>(into.offset));
        CHECK(text(check(spliced)) == "2:foreign ");
    }
}

TEST_CASE("clip check: a manifest whose times or gaps are not the records' is found out", "[clip]") {
    BuiltClip clip = fiveRecords();
    SECTION("one record is shifted") {
        clip.manifest.records[0].start += 5ms;
        CHECK(text(check(clip)).starts_with("0:"));
    }
    SECTION("a hole without a gap") {
        ClipRig rig;
        rig.record(2);
        rig.next();
        rig.record(2);
        clip = rig.clip(0s, 5s);
        CHECK(text(check(clip)).empty());
        clip.manifest.gaps.clear();
        CHECK(text(check(clip)) == "2:unlisted-gap ");
    }
    SECTION("a leaf") {
        clip.manifest.records[3].leaf[0] ^= 1U;
        CHECK(text(check(clip)) == "3:altered ");
    }
}

TEST_CASE("clip check: a wall clock that was corrected after recording is told, not hidden", "[clip]") {
    ClipRig rig;
    rig.wish.time_map = {rig.wish.time_map.offset - 3600s, WallQuality::Rtc, 0ms};
    rig.record(3);
    rig.wish.time_map = test::DraftWish().time_map;
    rig.record(2);
    const auto report = check(rig.clip(0s, 4900ms));
    CHECK(text(report).empty());
    CHECK(report.corrected == 3600s);
}

TEST_CASE("clip check: a camera's own signatures are counted", "[clip]") {
    ClipRig rig;
    auto draft = test::makeDraft(rig.wish);
    // NAL unit of 23 bytes: SEI (6), user data (5) of 20 bytes, the UUID of ONVIF media signing and 4 bytes.
    const Bytes sei = fromHex("00000017060514005bc93f2d715e95ada4796f90877a6f01020304").value();
    draft.units[3] = sei;
    draft.header.payload_bytes -= draft.samples[3].size_bytes;
    draft.samples[3].size_bytes = static_cast<std::uint32_t>(sei.size());
    draft.header.payload_bytes += draft.samples[3].size_bytes;
    rig.append(std::move(draft));
    rig.next();
    rig.record(1);
    const auto report = check(rig.clip(0s, 1900ms));
    CHECK(text(report).empty());
    CHECK(report.camera_signatures == 1);
}
