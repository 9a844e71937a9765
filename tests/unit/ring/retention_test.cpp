// Retention classes: what each keeps, what is overwritten for whom, and what a change of shares does.
#include <catch2/catch.hpp>
#include <set>

#include "ring/ring.hpp"
#include "support/base/fake_clock.hpp"
#include "support/base/memory_file_system.hpp"
#include "support/ring/draft_maker.hpp"
#include "support/ring/ring_place.hpp"

using namespace camgate;
using namespace camgate::ring;
using namespace std::chrono_literals;

namespace {

constexpr std::uint8_t kNormal = 0;
constexpr std::uint8_t kPreview = 1;
constexpr std::uint8_t kLong = 2;

/// A ring of 20 extents of 4 MiB. Each class has a camera of its own, whose tag is 100 + class.
struct RetentionRig {
    test::MemoryFileSystem files;
    test::FakeClock clock;
    std::unique_ptr<Ring> ring;
    std::array<std::uint64_t, kRetentionClasses> next{1, 1, 1};

    RetentionRig(std::uint32_t preview_percent, std::uint32_t long_percent) {
        open({{preview_percent, long_percent}});
    }
    void open(ClassShares shares) {
        ring.reset();
        RingOptions options{.size_bytes = 84 * test::kMiB, .extent_bytes = 4 * test::kMiB, .gateway = "gw-1"};
        options.shares = shares;
        auto opened = Ring::open(files, test::kRingPath, options, clock);
        INFO((opened ? "" : opened.error().describe()));
        REQUIRE(opened);
        ring = std::move(*opened);
    }
    RecordDraft draft(std::uint8_t retention_class, std::size_t bytes = 300'000) {
        test::DraftWish wish;
        wish.camera_tag = 100U + retention_class;
        wish.sequence = next[retention_class]++;
        wish.first_decode = BootTime(99s + std::chrono::seconds(wish.sequence));
        wish.sample_bytes = bytes / 10;
        RecordDraft made = test::makeDraft(wish);
        made.retention_class = retention_class;
        return made;
    }
    AppendResult append(std::initializer_list<std::uint8_t> classes) {
        std::vector<RecordDraft> round;
        for (const auto retention_class : classes) round.push_back(draft(retention_class));
        auto result = ring->append(round);
        REQUIRE(result);
        return std::move(*result);
    }
    std::vector<RecordInfo> kept(std::uint8_t retention_class) {
        auto found = ring->find(100U + retention_class, media::StreamKind::Main, WallTime(0s),
                                WallTime(4'000'000'000s));
        REQUIRE(found);
        return *found;
    }
    void checkContent() {
        for (std::uint8_t i = 0; i < kRetentionClasses; ++i) {
            const auto records = kept(i);
            for (std::size_t k = 0; k < records.size(); ++k) {
                CHECK(test::holdsItsContent(*ring, records[k]));
                if (k > 0) CHECK(records[k].header.sequence == records[k - 1].header.sequence + 1);
            }
            if (!records.empty()) CHECK(records.back().header.sequence == next[i] - 1);
        }
    }
};

}  // namespace

TEST_CASE("retention: classes that need their next extent in the same round get one each", "[ring]") {
    RetentionRig rig(30, 30);
    // Equal rounds: all three are half full, and full, at the same time.
    for (int i = 0; i < 30; ++i) {
        std::set<std::uint32_t> extents;
        for (const RecordInfo& info : rig.append({kNormal, kPreview, kLong}).records)
            extents.insert(info.at.extent);
        CHECK(extents.size() == 3);
    }
    rig.checkContent();
}

TEST_CASE("retention: a round of three classes lies in three extents and is one sync", "[ring]") {
    RetentionRig rig(25, 25);
    rig.append({kNormal, kPreview, kLong});
    const auto before = rig.ring->stats();
    const auto result = rig.append({kLong, kNormal, kPreview, kNormal});
    CHECK(rig.ring->stats().syncs - before.syncs == 1);
    std::set<std::uint32_t> extents;
    for (const RecordInfo& info : result.records) extents.insert(info.at.extent);
    CHECK(extents.size() == 3);
    // In the order of the drafts.
    CHECK(result.records[0].header.camera_tag == 102);
    CHECK(result.records[1].header.camera_tag == 100);
    CHECK(result.records[2].header.camera_tag == 101);
    CHECK(result.records[3].header.sequence == 3);
    rig.checkContent();
}

TEST_CASE("retention: a class that writes much overwrites its own footage only", "[ring]") {
    // 20 extents: 5 for preview, 5 for long, 10 for normal; 13 records of 300 kB fill one.
    RetentionRig rig(25, 25);
    for (int i = 0; i < 500; ++i) {
        if (i % 10 == 0) {
            rig.append({kNormal, kPreview});
        } else {
            rig.append({kNormal});
        }
        if (i % 90 == 50) rig.open({{25, 25}});
    }
    const auto stats = rig.ring->stats();
    // 50 previews fill 3.8 extents, and one is ready: within their share, so none was ever overwritten.
    CHECK(rig.kept(kPreview).size() == 50);
    CHECK(stats.classes[kPreview].extents_target == 5);
    CHECK(stats.classes[kPreview].extents_used == 5);
    CHECK(stats.classes[kLong].extents_used == 0);
    // What nobody else needs normal may use; of its 15 one is being filled and one may be ready.
    CHECK(stats.classes[kNormal].extents_used == 15);
    CHECK(rig.kept(kNormal).size() >= 13 * 13);
    rig.checkContent();
}

TEST_CASE("retention: a class gets its share back from the one that is over its own", "[ring]") {
    RetentionRig rig(25, 25);
    for (int i = 0; i < 400; ++i) rig.append({kNormal});
    CHECK(rig.ring->stats().classes[kNormal].extents_used == 20);
    for (int i = 0; i < 200; ++i) rig.append({kPreview});
    const auto stats = rig.ring->stats();
    // Of what long does not use preview takes the older, but nothing of the 10 that are normal's own.
    CHECK(stats.classes[kNormal].extents_used == 10);
    CHECK(stats.classes[kPreview].extents_used == 10);
    for (int i = 0; i < 200; ++i) rig.append({kNormal, kLong});
    CHECK(rig.ring->stats().classes[kNormal].extents_used == 10);
    CHECK(rig.ring->stats().classes[kPreview].extents_used == 5);
    CHECK(rig.ring->stats().classes[kLong].extents_used == 5);
    rig.checkContent();
}

TEST_CASE("retention: what a class wrote before it lost its share goes first, and by age", "[ring]") {
    RetentionRig rig(25, 25);
    for (int i = 0; i < 150; ++i) rig.append({kNormal, kLong});
    const auto before = rig.kept(kLong).size();
    CHECK(before >= 4 * 12);
    rig.open({{25, 0}});
    CHECK(rig.kept(kLong).size() == before);
    std::vector<RecordDraft> round;
    round.push_back(rig.draft(kLong));
    --rig.next[kLong];
    const auto refused = rig.ring->append(round);
    REQUIRE_FALSE(refused);
    CHECK(refused.error().kind == ErrorKind::InvalidArgument);
    CHECK_THAT(refused.error().context, Catch::Contains("no share"));
    std::size_t last = before;
    const std::size_t normal_before = rig.kept(kNormal).size();
    for (int i = 0; i < 400 && last > 0; ++i) {
        rig.append({kNormal});
        const std::size_t now = rig.kept(kLong).size();
        CHECK(now <= last);
        last = now;
        if (now > 0) CHECK(rig.kept(kLong).back().header.sequence == 150);
    }
    CHECK(last == 0);
    CHECK(rig.kept(kNormal).size() >= normal_before);
    CHECK(rig.ring->stats().classes[kLong].extents_used == 0);
    rig.checkContent();
    // And back again.
    rig.open({{25, 25}});
    rig.append({kLong});
    CHECK(rig.kept(kLong).size() == 1);
}

TEST_CASE("retention: a start goes on in every class's open extent", "[ring]") {
    RetentionRig rig(25, 25);
    for (int i = 0; i < 3; ++i) rig.append({kNormal, kPreview, kLong});
    const auto before = rig.append({kNormal, kPreview, kLong});
    rig.open({{25, 25}});
    const auto after = rig.append({kNormal, kPreview, kLong});
    for (std::size_t i = 0; i < 3; ++i) {
        CHECK(after.records[i].at.extent == before.records[i].at.extent);
        CHECK(after.records[i].at.offset_bytes > before.records[i].at.offset_bytes);
    }
    rig.checkContent();
}

TEST_CASE("retention: shares that cannot be kept are refused before anything is written", "[ring]") {
    test::MemoryFileSystem files;
    test::FakeClock clock;
    RingOptions options{.size_bytes = 36 * test::kMiB, .extent_bytes = 4 * test::kMiB, .gateway = "gw-1"};
    options.shares = {{60, 40}};
    CHECK_THAT(Ring::open(files, test::kRingPath, options, clock).error().context, Catch::Contains("100 %"));
    // 8 extents: 3, 3 and 2.
    options.shares = {{10, 10}};
    CHECK_THAT(Ring::open(files, test::kRingPath, options, clock).error().context,
               Catch::Contains("8 extents"));
    options.shares = {{10, 0}};
    CHECK(Ring::open(files, test::kRingPath, options, clock));
}
