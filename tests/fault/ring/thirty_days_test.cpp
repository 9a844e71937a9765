// A month of four cameras on a fake clock: the ring goes round many times, days change, keys come and go, an
// owner's age limit is kept, the daemon starts anew every week. A picture a second and camera, 32 bytes each:
// small, not few.
#include <catch2/catch.hpp>

#include "ring/batcher.hpp"
#include "support/ring/sealed_rig.hpp"

using namespace camgate;
using namespace camgate::ring;
using namespace std::chrono_literals;
using media::StreamKind;

namespace {

constexpr int kDays = 30;
constexpr std::array<std::uint64_t, 4> kMonthCameras{1, 2, 3, 4};
/// Its footage is kept for today and the day before.
constexpr std::uint64_t kAged = 1;
constexpr std::int32_t kKeepDays = 1;
constexpr std::size_t kPicture_bytes = 32;
constexpr std::uint32_t kPicturesARecord = 60;  // a group of pictures is a minute
constexpr std::uint64_t kMinutes = kDays * 24 * 60;
// A sealed record: 272 bytes, 16 a picture, the decoder configuration of 7, the pictures, 16 for the tag:
// 3175, on a multiple of 8 3176. A round of four is 12,704 bytes, on blocks 16 KiB. Of an extent's 256 blocks
// its footer takes one and its index (entries of 216 bytes, 242 of them) 13: 60 rounds fit, and half of
// another.
constexpr std::uint64_t kRoundsAnExtent = 60;
constexpr std::uint64_t kMonthExtents = 60;

struct Month : test::SealedRig {
    std::unique_ptr<Batcher> batcher;
    std::uint64_t rounds = 0;
    std::uint64_t records = 0;
    std::uint64_t keys_erased = 0;
    std::size_t most_key_slots = 0;

    Month() {
        options.size_bytes = kFront_bytes + kMonthExtents * test::kMiB;
        options.extent_bytes = test::kMiB;
        start();
    }
    void start() {
        if (batcher) write(batcher->takeAll());
        open();
        batcher = std::make_unique<Batcher>(BatcherOptions{.boot_session = 42, .batch_age = 60s}, clock);
        for (const auto camera : kMonthCameras) {
            batcher->addCamera(camera, test::kMiB);
            batcher->addStream(camera, StreamKind::Main, ring->nextSequence(camera, StreamKind::Main));
            REQUIRE(batcher->setConfig(camera, StreamKind::Main, test::smallConfig()));
        }
    }
    void write(const std::vector<RecordDraft>& round) {
        if (round.empty()) return;
        const auto appended = ring->append(round);
        if (!appended) FAIL(appended.error().describe());
        ++rounds;
        records += round.size();
    }
    void second(std::uint32_t in_minute) {
        for (const auto camera : kMonthCameras) {
            media::AccessUnit unit;
            unit.random_access = in_minute == 0 ? media::RandomAccess::Idr : media::RandomAccess::None;
            unit.config_id = config_id;
            unit.decode_time = unit.presentation_time = clock.bootNow();
            unit.bytes.assign(kPicture_bytes, static_cast<std::uint8_t>(in_minute));
            if (!batcher->add(camera, std::move(unit))) FAIL("a picture was refused");
        }
        clock.advance(1s);
    }
    void minute() {
        for (std::uint32_t i = 0; i < kPicturesARecord; ++i) second(i);
        write(batcher->takeDue());
    }
    void keepAgeLimit() {
        const auto erased = ring->eraseDays(kAged, {.last = today() - kKeepDays - 1});
        REQUIRE(erased);
        keys_erased += *erased;
        most_key_slots = std::max(most_key_slots, ring->keySlotsUsed());
        card.settle();  // what was written stays, how it came there takes memory
    }

    std::uint64_t config_id = test::smallConfig().id();
};

}  // namespace

TEST_CASE("ring: a month of four cameras, with rotation, days, age limits and starts, adds up",
          "[ring][sealing][fault]") {
    Month month;
    const std::int32_t first_day = month.today();
    for (std::uint64_t minute = 0; minute < kMinutes; ++minute) {
        if (minute > 0 && minute % (7 * 24 * 60) == 0) month.start();
        month.minute();
        if (minute % 10 == 9) month.keepAgeLimit();
    }
    month.start();

    // A minute is a round and a record of each camera.
    CHECK(month.rounds == kMinutes);
    CHECK(month.records == kMinutes * kMonthCameras.size());
    // 43,200 rounds through 60 extents of 60: twelve times round.
    CHECK(kMinutes / (kRoundsAnExtent * kMonthExtents) == 12);
    const std::uint64_t kept_least = kRoundsAnExtent * (kMonthExtents - 2);  // one is open, one is ready
    const std::uint64_t kept_most = (kRoundsAnExtent + 1) * kMonthExtents;
    for (const auto camera : kMonthCameras) {
        CAPTURE(camera);
        const auto found = month.find(camera);
        REQUIRE_FALSE(found.empty());
        CHECK(found.back().header.sequence == kMinutes);
        for (std::size_t i = 0; i < found.size(); ++i) {
            if (found[i].header.sequence != found.front().header.sequence + i) FAIL("a hole in the numbers");
            if (found[i].header.sample_count != kPicturesARecord) FAIL("a record that is not a minute");
        }
        // Of the one with the age limit today and yesterday: from noon to noon of the last day, and the half
        // day since, are 30 days; noon today is 36 hours after yesterday began.
        if (camera == kAged) {
            CHECK(found.size() == 36 * 60);
        } else {
            CHECK(found.size() >= kept_least);
            CHECK(found.size() <= kept_most);
        }
    }
    // The month touches 31 days, from noon to noon. All but today and yesterday of the one camera were
    // erased.
    CHECK(month.today() - first_day == kDays);
    CHECK(month.keys_erased == kDays - kKeepDays);
    // The ring holds 60 hours, so at most four days of four cameras have keys, and one that was erased is
    // kept in mind; the ring itself has one.
    CHECK(month.most_key_slots <= 4 * kMonthCameras.size() + 1 + 2);
}
