// A recorder over a card that fails on demand, two cameras that send. For Catch tests. Header only.
#pragma once

#include <catch2/catch.hpp>
#include <map>
#include <memory>

#include "app/recorder.hpp"
#include "ring/camera_tag.hpp"
#include "support/app/card.hpp"
#include "support/app/settle.hpp"
#include "support/base/fake_loop.hpp"
#include "support/ring/draft_maker.hpp"

namespace camgate::test {

using namespace app;
using namespace std::chrono_literals;

inline const std::string kRing = "/card/footage.ring";
constexpr Duration kFrame = 100ms;
inline const std::vector<std::string> kCameras{"gate", "yard"};

inline ring::RingOptions smallRing() {
    // 24 MiB over extents of 4 MiB: at least four of them.
    return {.size_bytes = 24U << 20U, .extent_bytes = 4U << 20U, .gateway = "cg-1"};
}

/// What of a camera lies on the card, as a fresh start finds it.
struct Stored {
    std::size_t units = 0;
    std::size_t records = 0;
    bool numbers_follow = true;
    std::uint32_t declared_lost = 0;
};

struct RecorderFixture {
    test::FakeClock clock;
    test::FakeLoop loop{clock};
    test::Card card;
    std::vector<StorageState> states;
    int opened = 0;
    int closed = 0;
    std::map<std::string, std::size_t> sent;
    std::size_t pool_bytes = 8U << 20U;
    SealSetup sealing;
    std::int64_t keep_days = 0;
    std::unique_ptr<Recorder> recorder;

    void start() {
        recorder = std::make_unique<Recorder>(
            loop, card,
            RecorderOptions{kRing,
                            smallRing(),
                            pool_bytes,
                            {{.id = kCameras[0], .keep_days = keep_days}, {.id = kCameras[1]}},
                            sealing},
            [this] { states.push_back(recorder->state()); }, [this](ring::Ring&) { ++opened; },
            [this] { ++closed; });
        for (const auto& camera : kCameras) {
            recorder->sinkOf(camera).onStreamConfig(media::StreamKind::Main, test::smallConfig());
        }
        recorder->start();
        settle();
    }
    void settle() { test::settle(*recorder, loop); }
    void sendUnits() {
        for (const auto& camera : kCameras) {
            media::AccessUnit unit;
            const bool key = sent[camera] % 10 == 0;
            unit.random_access = key ? media::RandomAccess::Idr : media::RandomAccess::None;
            unit.config_id = test::smallConfig().id();
            unit.decode_time = unit.presentation_time = clock.bootNow();
            unit.bytes.assign(1000, static_cast<std::uint8_t>(sent[camera]));
            REQUIRE(recorder->sinkOf(camera).onAccessUnit(std::move(unit)));
            ++sent[camera];
        }
    }
    /// All cameras send; the card is as fast as it likes.
    void film(Duration length) {
        for (Duration t{0}; t < length; t += kFrame) {
            sendUnits();
            loop.advance(kFrame);
            settle();
        }
    }
    /// The same while the storage thread is stuck.
    void filmStalled(Duration length) {
        for (Duration t{0}; t < length; t += kFrame) {
            sendUnits();
            loop.advance(kFrame);
        }
    }
    void wait(Duration length) {
        for (Duration t{0}; t < length; t += kFrame) {
            loop.advance(kFrame);
            settle();
        }
    }
    Stored endAndLook(const std::string& camera) {
        recorder.reset();
        auto ring = ring::Ring::open(card, kRing, smallRing(), clock);
        REQUIRE(ring);
        const auto found = (*ring)->find(ring::cameraTag("cg-1", camera), media::StreamKind::Main,
                                         clock.wallNow().time - 1h, clock.wallNow().time + 1h);
        REQUIRE(found);
        Stored stored;
        std::uint64_t next = 1;
        for (const auto& info : *found) {
            stored.numbers_follow = stored.numbers_follow && info.header.sequence == next++;
            ++stored.records;
            stored.units += info.header.sample_count;
            stored.declared_lost += info.header.gap.dropped_units;
        }
        return stored;
    }
    void checkNothingLost() {
        for (const auto& camera : kCameras) {
            CHECK(recorder->droppedUnits(camera) == 0);
        }
        for (const auto& camera : kCameras) {
            const Stored stored = endAndLook(camera);
            CHECK(stored.units == sent[camera]);
            CHECK(stored.numbers_follow);
            CHECK(stored.declared_lost == 0);
        }
    }
};

using Fixture = RecorderFixture;

}  // namespace camgate::test
