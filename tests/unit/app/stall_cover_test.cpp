// A card that takes nothing for longer than the product may lose footage for: four cameras of 2 Mbit/s and
// their sub-streams of 0.4 Mbit/s, 10 pictures a second each, on a media pool of 96 MiB.
#include <catch2/catch.hpp>

#include "app/byte_rate.hpp"
#include "app/recorder.hpp"
#include "ring/camera_tag.hpp"
#include "support/app/card.hpp"
#include "support/app/recorder_fixture.hpp"
#include "support/app/settle.hpp"
#include "support/base/fake_loop.hpp"
#include "support/ring/draft_maker.hpp"
#include "support/ring/gap_check.hpp"
#include "support/ring/ring_place.hpp"

using namespace camgate;
using namespace camgate::app;
using namespace std::chrono_literals;
using media::StreamKind;

namespace {

constexpr std::size_t kMain_bytes = 25'000;  // 10 of them a second are 2 Mbit/s
constexpr std::size_t kSub_bytes = 5'000;    // 0.4 Mbit/s
constexpr int kUnitsPerSecond = 10;
const std::vector<std::string> kFourCameras{"gate", "yard", "door", "shed"};
const ring::RingOptions kRingOptions{
    .size_bytes = 320 * test::kMiB, .extent_bytes = 4 * test::kMiB, .gateway = "cg-1"};

struct FourCameras {
    test::FakeClock clock;
    test::FakeLoop loop{clock};
    test::Card card;
    std::map<std::pair<std::string, StreamKind>, std::vector<BootTime>> sent;
    std::map<std::string, int> times_its_rate;
    std::unique_ptr<Recorder> recorder;

    FourCameras() {
        RecorderOptions options{test::kRing, kRingOptions, 96 * test::kMiB, {}, {}};
        for (const auto& camera : kFourCameras) options.cameras.push_back({camera, 2400});
        recorder = std::make_unique<Recorder>(
            loop, card, options, [] {}, [](ring::Ring&) {}, [] {});
        for (const auto& camera : kFourCameras) {
            times_its_rate[camera] = 1;
            for (const auto stream : {StreamKind::Main, StreamKind::Sub})
                recorder->sinkOf(camera).onStreamConfig(stream, test::smallConfig());
        }
        recorder->start();
        settle();
    }
    void settle() { test::settle(*recorder, loop); }
    void send(const std::string& camera, StreamKind stream, std::size_t size_bytes) {
        auto& times = sent[{camera, stream}];
        media::AccessUnit unit;
        unit.stream = stream;
        unit.random_access =
            times.size() % kUnitsPerSecond == 0 ? media::RandomAccess::Idr : media::RandomAccess::None;
        unit.config_id = test::smallConfig().id();
        unit.decode_time = unit.presentation_time = clock.bootNow();
        unit.bytes.resize(size_bytes);
        times.push_back(unit.decode_time);
        const Status taken = recorder->sinkOf(camera).onAccessUnit(std::move(unit));
        if (!taken) FAIL(taken.error().describe());
    }
    void film(Duration length, bool stalled = false) {
        for (Duration t{0}; t < length; t += test::kFrame) {
            for (const auto& camera : kFourCameras) {
                const auto times = static_cast<std::size_t>(times_its_rate[camera]);
                send(camera, StreamKind::Main, kMain_bytes * times);
                send(camera, StreamKind::Sub, kSub_bytes * times);
            }
            loop.advance(test::kFrame);
            if (stalled) continue;
            settle();
            card.forgetHistory();
        }
    }
    /// 15 s of footage, a stall, and a card that is well again.
    void filmOverStall(Duration length) {
        film(15s);
        card.stall();
        film(length, true);
        CHECK(recorder->state() == StorageState::CardStalled);
        card.goOn();
        settle();
        film(10s);
        CHECK(recorder->state() == StorageState::Ok);
    }
    std::map<std::string, std::uint64_t> dropped() const {
        std::map<std::string, std::uint64_t> out;
        for (const auto& camera : kFourCameras) out[camera] = recorder->droppedUnits(camera);
        return out;
    }
    /// What a fresh start reads.
    std::unique_ptr<ring::Ring> endAndOpen() {
        recorder.reset();
        auto ring = ring::Ring::open(card, test::kRing, kRingOptions, clock);
        REQUIRE(ring);
        return std::move(*ring);
    }
    std::vector<test::StoredRecord> check(ring::Ring& ring, const std::string& camera, StreamKind stream) {
        auto records = test::storedOf(ring, ring::cameraTag("cg-1", camera), stream);
        test::checkGapsAreWhatIsMissing(sent[{camera, stream}], records);
        return records;
    }
};

std::vector<ring::Gap> stallGaps(const std::vector<test::StoredRecord>& records) {
    std::vector<ring::Gap> gaps;
    for (const auto& record : records) {
        if (record.header.gap.dropped_units > 0) gaps.push_back(record.header.gap);
    }
    return gaps;
}

}  // namespace

TEST_CASE("stall cover: a card that stalls for 40 s loses no frame of four cameras", "[app][stall]") {
    FourCameras f;
    f.filmOverStall(40s);
    const auto ring = f.endAndOpen();
    for (const auto& camera : kFourCameras) {
        for (const auto stream : {StreamKind::Main, StreamKind::Sub}) {
            const auto records = f.check(*ring, camera, stream);
            CHECK(test::unitsIn(records) == f.sent[{camera, stream}].size());
        }
    }
}

TEST_CASE("stall cover: of 120 s the oldest groups go, and one gap a stream says exactly which",
          "[app][stall]") {
    FourCameras f;
    f.filmOverStall(120s);
    const auto dropped = f.dropped();
    const auto ring = f.endAndOpen();
    for (const auto& camera : kFourCameras) {
        std::size_t missing = 0;
        for (const auto stream : {StreamKind::Main, StreamKind::Sub}) {
            const auto records = f.check(*ring, camera, stream);
            const auto gaps = stallGaps(records);
            REQUIRE(gaps.size() == 1);
            CHECK(gaps[0].reason == ring::GapReason::CardStalled);
            missing += f.sent[{camera, stream}].size() - test::unitsIn(records);
        }
        CHECK(missing == dropped.at(camera));
        // 24 MiB hold 83 s of two streams: the other 37 s, give or take the group that is cut and the round
        // that was on its way.
        CHECK(missing >= 2 * 36 * kUnitsPerSecond);
        CHECK(missing <= 2 * 40 * kUnitsPerSecond);
    }
}

TEST_CASE("stall cover: a camera that sends four times what was planned starves only itself",
          "[app][stall][hostile]") {
    FourCameras f;
    f.times_its_rate["shed"] = 4;
    f.filmOverStall(40s);
    CHECK(f.dropped().at("shed") > 0);
    const auto ring = f.endAndOpen();
    for (const auto& camera : kFourCameras) {
        for (const auto stream : {StreamKind::Main, StreamKind::Sub}) {
            const auto records = f.check(*ring, camera, stream);
            if (camera != "shed") CHECK(test::unitsIn(records) == f.sent[{camera, stream}].size());
        }
    }
}

TEST_CASE("stall cover: is a camera's share of the pool over what it sends, and the shortest counts",
          "[app][stall]") {
    FourCameras f;
    CHECK_FALSE(leastStallCover(f.recorder->poolShares()));
    f.times_its_rate["shed"] = 2;
    f.film(31s);
    const auto shares = f.recorder->poolShares();
    REQUIRE(shares.size() == 4);
    CHECK(shares[0].share_bytes == 24 * test::kMiB);
    // A unit counts with the memory it takes beside its bytes.
    const double rate =
        kUnitsPerSecond * static_cast<double>(kMain_bytes + kSub_bytes + 2 * ring::kUnitOverhead_bytes);
    REQUIRE(shares[0].bytes_per_s);
    CHECK(*shares[0].bytes_per_s == Approx(rate).epsilon(0.01));
    const double cover_s = 24 * static_cast<double>(test::kMiB) / rate;  // 83.3
    CHECK(std::chrono::duration<double>(*shares[0].stallCover()).count() == Approx(cover_s).epsilon(0.01));
    CHECK(std::chrono::duration<double>(*leastStallCover(shares)).count() ==
          Approx(cover_s / 2).epsilon(0.01));
}

TEST_CASE("media pool: is shared out by what cameras are planned to send", "[app][stall]") {
    // 1 and 3 Mbit/s: the pool lasts equally long for both.
    CHECK(shareOf(96 * test::kMiB, 1000, 4000) == 24 * test::kMiB);
    CHECK(shareOf(96 * test::kMiB, 3000, 4000) == 72 * test::kMiB);
    CHECK(shareOf(96 * test::kMiB, 0, 0) == 96 * test::kMiB);
}

TEST_CASE("byte rate: is what came over the last minute", "[app]") {
    ByteRate rate;
    BootTime now(100s);
    CHECK_FALSE(rate.perSecond());
    std::uint64_t bytes = 0;
    const auto pass = [&](Duration time, std::uint64_t per_10s) {
        for (Duration t{0}; t < time; t += 10s) {
            rate.note(now, bytes);
            now += 10s;
            bytes += per_10s;
        }
        rate.note(now, bytes);
    };
    pass(10s, 5'000);
    REQUIRE(rate.perSecond());
    CHECK(*rate.perSecond() == Approx(500));
    pass(10min, 5'000);
    CHECK(*rate.perSecond() == Approx(500));
    pass(30s, 20'000);  // half of the minute at 2000 a second
    CHECK(*rate.perSecond() == Approx(1250));
    bytes = 0;  // another batcher counts from the start
    rate.note(now, bytes);
    CHECK_FALSE(rate.perSecond());
}
