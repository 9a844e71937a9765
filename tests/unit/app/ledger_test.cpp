#include "app/ledger.hpp"

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include "clip/clip_prover.hpp"
#include "evidence/countersignature.hpp"
#include "support/base/fake_loop.hpp"
#include "support/base/temp_directory.hpp"
#include "support/clip/clip_rig.hpp"
#include "support/crypto/golden_pki.hpp"
#include "support/evidence/samples.hpp"

using namespace camgate;
using namespace camgate::app;
using namespace std::chrono_literals;
using media::StreamKind;

namespace {

/// The golden certificates begin to hold after the footage of ClipRig: this one is of 2030.
constexpr WallTime kFirstDecode{1'893'456'000s};

struct LedgerRig {
    test::TempDirectory directory;
    test::ClipRig footage;
    test::FakeLoop loop{footage.clock};
    std::unique_ptr<outbox::AsyncOutbox> store;
    std::unique_ptr<Ledger> ledger;
    std::vector<uplink::SignedCheckpoint> committed;
    std::size_t most_leaves = 4096;
    outbox::OutboxLimits limits;
    bool fail_commits = false;

    LedgerRig() {
        footage.clock.advance(100s - footage.clock.bootNow().time_since_epoch());
        setWall(kFirstDecode, WallQuality::Ntp);
        start();
    }
    void setWall(WallTime time, WallQuality quality) { footage.clock.setWall({time, quality, 10ms}); }
    void start() {
        ledger = nullptr;
        loop.runPosted();
        store = nullptr;
        store = std::make_unique<outbox::AsyncOutbox>(
            loop,
            [](const std::function<void()>& job) {
                job();
                return true;
            },
            outbox::Outbox::open(directory.path(), limits));
        LedgerPorts ports{loop, {}, *store, {}};
        ports.storage = [](const std::function<void()>& task) {
            task();
            return true;
        };
        ports.commit = [this](std::vector<uplink::SignedCheckpoint> made, std::function<void(Status)> done) {
            if (fail_commits) return done(fail(ErrorKind::NoSpace, "full"));
            outbox::Changes changes;
            for (const auto& each : made) {
                committed.push_back(each);
                changes.ledger.push_back(each.entry);
            }
            store->apply(std::move(changes), [done](const Result<outbox::Applied>& applied) {
                done(applied ? Status() : std::unexpected(applied.error()));
            });
        };
        LedgerOptions options;
        options.gateway = "cg-1";
        options.cameras = {"gate"};
        options.boot_session = 42;
        options.most_leaves = most_leaves;
        ledger = std::make_unique<Ledger>(std::move(ports), options, test::goldenIdentity("evidence"),
                                          test::goldenCertificate("hub-ca"));
        ledger->onRingOpen(*footage.ring);
        loop.runPosted();
    }
    /// Footage of as many seconds, and as much time.
    void live(int seconds) {
        for (int i = 0; i < seconds; ++i) {
            footage.wish.first_decode = footage.clock.bootNow();
            footage.wish.time_map = footage.clock.timeMap();
            footage.append(test::makeDraft(footage.wish));
            ++footage.wish.sequence;
            loop.advance(1s);
        }
    }
    evidence::Checkpoint checkpoint(std::size_t number) const {
        const auto verified = evidence::verifyCheckpoint(
            committed.at(number).json, test::goldenCertificate("ca"), test::wall("2031-01-01T00:00:00Z"));
        INFO((verified ? "" : verified.error().describe()));
        REQUIRE(verified);
        return verified->checkpoint;
    }
    std::string countersign(std::size_t number) const {
        const evidence::Countersignature word{"hub-1", "cg-1", evidence::digestOf(checkpoint(number)),
                                              test::wall("2030-01-01T01:00:00Z")};
        return evidence::signCountersignature(word, test::goldenIdentity("hub-countersign")).value();
    }
    std::vector<evidence::AnchoredCheckpoint> found(std::uint64_t first, std::uint64_t last) {
        std::vector<evidence::AnchoredCheckpoint> all;
        ledger->find({"gate", StreamKind::Main, toHex(footage.ring->header().id), first, last},
                     [&all](auto answer) { all = answer.value(); });
        loop.runPosted();
        return all;
    }
};

}  // namespace

TEST_CASE("ledger: the next checkpoint says which messages had to go, of its camera and of the gateway",
          "[ledger]") {
    LedgerRig rig;
    rig.limits.rows = 1;
    rig.start();
    for (const char* camera : {"gate", "", "yard", "gate"}) {
        outbox::Changes changes;
        changes.rows.resize(2);
        changes.rows[0].id = "a";
        changes.rows[1].id = "b";
        for (auto& row : changes.rows) row.camera = camera;
        // The newer drives out the older; what is left is received.
        rig.store->apply(changes, [](const Result<outbox::Applied>& applied) { REQUIRE(applied); });
        changes = {};
        changes.remove_rows = {"a", "b"};
        rig.store->apply(changes, [](const Result<outbox::Applied>& applied) { REQUIRE(applied); });
    }
    rig.live(90);
    REQUIRE_FALSE(rig.committed.empty());
    const auto checkpoint = evidence::readSignedCheckpoint(rig.committed[0].json).value();
    REQUIRE(checkpoint.lost_messages);
    CHECK(checkpoint.lost_messages->count == 2);
    REQUIRE(checkpoint.lost_of_gateway);
    CHECK(checkpoint.lost_of_gateway->count == 1);
}

TEST_CASE("ledger: a minute after the ring was opened its records lie under a signed checkpoint",
          "[ledger]") {
    LedgerRig rig;
    rig.live(70);
    REQUIRE(rig.committed.size() == 1);
    const auto made = rig.checkpoint(0);
    CHECK(made.camera == "gate");
    CHECK(made.stream == StreamKind::Main);
    CHECK(made.ring == toHex(rig.footage.ring->header().id));
    CHECK_FALSE(made.previous);
    CHECK(made.first == evidence::RecordId{42, 1});
    CHECK(made.leaves == made.last.sequence);
    CHECK(made.leaves >= 59);
    CHECK(made.from == kFirstDecode);
    CHECK(made.watermark == made.last);
    CHECK(made.time_map.quality == WallQuality::Ntp);
    // The start itself is the first thing that is noted of the clock.
    REQUIRE(made.corrections.size() == 1);
    CHECK(made.corrections[0].session == 42);
    CHECK(made.corrections[0].at == BootTime(100s));
}

TEST_CASE("ledger: each checkpoint goes on where the one before ended, also after a start", "[ledger]") {
    LedgerRig rig;
    rig.live(70);
    const bool restart = GENERATE(false, true);
    if (restart) {
        rig.start();
        rig.live(70);
    } else {
        rig.live(600);
    }
    REQUIRE(rig.committed.size() == 2);
    const auto first = rig.checkpoint(0), second = rig.checkpoint(1);
    CHECK(second.previous == evidence::digestOf(first));
    CHECK(second.first.sequence == first.last.sequence + 1);
    CHECK(second.leaves == second.last.sequence - first.last.sequence);
    CHECK(second.corrections.size() == (restart ? 1 : 0));
}

TEST_CASE("ledger: what could not be made durable is made again with what came since", "[ledger]") {
    LedgerRig rig;
    rig.fail_commits = true;
    rig.live(70);
    CHECK(rig.committed.empty());
    rig.fail_commits = false;
    rig.live(600);
    REQUIRE(rig.committed.size() == 1);
    CHECK(rig.checkpoint(0).first.sequence == 1);
    CHECK(rig.checkpoint(0).corrections.size() == 1);
}

TEST_CASE("ledger: more records than a checkpoint takes are several", "[ledger]") {
    LedgerRig rig;
    rig.most_leaves = 25;
    rig.start();
    rig.live(80);
    REQUIRE(rig.committed.size() >= 3);
    for (std::size_t i = 0; i < 3; ++i) {
        CHECK(rig.checkpoint(i).first.sequence == 25 * i + 1);
        if (i > 0) CHECK(rig.checkpoint(i).previous == evidence::digestOf(rig.checkpoint(i - 1)));
    }
}

TEST_CASE("ledger: a box without a clock that learns the time moves no record and says so", "[ledger]") {
    LedgerRig rig;
    rig.setWall(WallTime(1000s), WallQuality::Unsynced);
    rig.start();
    rig.live(70);
    REQUIRE(rig.committed.size() == 1);
    CHECK(rig.checkpoint(0).from == WallTime(1000s));
    CHECK(rig.checkpoint(0).time_map.quality == WallQuality::Unsynced);
    rig.setWall(kFirstDecode + 70s, WallQuality::Ntp);
    rig.live(600);
    REQUIRE(rig.committed.size() == 2);
    const auto made = rig.checkpoint(1);
    CHECK(made.first.sequence == rig.checkpoint(0).last.sequence + 1);
    CHECK(made.leaves == made.last.sequence - made.first.sequence + 1);
    REQUIRE(made.corrections.size() == 1);
    CHECK(made.corrections[0].map.quality == WallQuality::Ntp);
    // All of the boot lies on the better map now, the first records too.
    const auto records = rig.footage.ring->find(rig.footage.wish.camera_tag, StreamKind::Main, kFirstDecode,
                                                kFirstDecode + 2s);
    REQUIRE(records);
    CHECK(records->front().header.sequence == 1);
    CHECK(records->front().header.time_map.quality == WallQuality::Unsynced);
}

TEST_CASE("ledger: steps of the wall clock, forward and back, are listed", "[ledger]") {
    LedgerRig rig;
    rig.live(70);
    rig.setWall(rig.footage.clock.wallNow().time + 3600s, WallQuality::Ntp);
    rig.live(5);
    rig.setWall(rig.footage.clock.wallNow().time - 7200s, WallQuality::Rtc);
    rig.live(5);
    rig.setWall(rig.footage.clock.wallNow().time + 50ms, WallQuality::Rtc);
    rig.live(590);
    REQUIRE(rig.committed.size() == 2);
    const auto corrections = rig.checkpoint(1).corrections;
    REQUIRE(corrections.size() == 2);
    const Duration before = rig.checkpoint(0).time_map.offset;
    CHECK(corrections[0].map.offset == before + 3600s);
    CHECK(corrections[1].map.offset == before - 3600s);
    CHECK(corrections[1].map.quality == WallQuality::Rtc);
    CHECK(rig.checkpoint(1).leaves == rig.checkpoint(1).last.sequence - rig.checkpoint(1).first.sequence + 1);
}

TEST_CASE("ledger: a clip is anchored once the hub has countersigned what lies over it", "[ledger]") {
    LedgerRig rig;
    rig.live(70);
    rig.live(600);
    REQUIRE(rig.committed.size() == 2);
    // Records 50 to 69 or so: the end of the first interval and the beginning of the second.
    const clip::ClipRequest request{"gate", kFirstDecode + 50s, kFirstDecode + 69s, clip::Quality::Full, ""};
    const auto plan = clip::makePlan(*rig.footage.ring, request).value();
    clip::ClipBuilder builder(*rig.footage.ring, plan);
    const auto manifest = clip::manifestOf(plan, std::string(64, 'a'), builder.layout().fileBytes());
    const auto query = clip::checkpointQuery(plan, rig.footage.ring->header());
    const auto gateways = test::goldenCertificate("ca"), hubs = test::goldenCertificate("hub-ca");
    const evidence::Authorities authorities{gateways, hubs, test::wall("2031-01-01T00:00:00Z")};
    const auto proven = [&] {
        const auto checkpoints = rig.found(query.first_sequence, query.last_sequence);
        CHECK(checkpoints.size() == 2);
        return clip::proveClip(*rig.footage.ring, plan, checkpoints).value();
    };
    auto evidence = proven();
    CHECK(evidence.proofs.size() == 2);
    CHECK(evidence::checkAnchors(evidence, manifest, authorities).anchored_records == 0);

    rig.ledger->onCountersigned({rig.countersign(0)});
    rig.loop.runPosted();
    const auto half = evidence::checkAnchors(proven(), manifest, authorities);
    CHECK(half.anchored_records > 0);
    CHECK(half.first_loose == half.anchored_records);

    rig.ledger->onCountersigned({rig.countersign(1)});
    rig.loop.runPosted();
    const auto whole = evidence::checkAnchors(proven(), manifest, authorities);
    INFO(whole.detail);
    CHECK(whole.anchored_records == manifest.records.size());
    CHECK_FALSE(whole.first_loose);
    CHECK(whole.first == test::wall("2030-01-01T01:00:00Z"));
}

TEST_CASE("ledger: a countersignature that is not the hub's for this gateway is not kept", "[ledger]") {
    LedgerRig rig;
    rig.live(70);
    const auto digest = evidence::digestOf(rig.checkpoint(0));
    const auto by = [&](const std::string& key, const std::string& gateway) {
        return evidence::signCountersignature({"hub-1", gateway, digest, test::wall("2030-01-01T01:00:00Z")},
                                              test::goldenIdentity(key))
            .value();
    };
    rig.ledger->onCountersigned({by("hub-command", "cg-1"), by("hub-countersign", "cg-2"), "{}"});
    rig.loop.runPosted();
    CHECK(rig.found(1, 1).at(0).countersignature.empty());
    rig.ledger->onCountersigned({by("hub-countersign", "cg-1")});
    rig.loop.runPosted();
    CHECK_FALSE(rig.found(1, 1).at(0).countersignature.empty());
}

TEST_CASE("ledger: without a key none is made, and a ring that goes ends the round", "[ledger]") {
    LedgerRig rig;
    rig.live(30);
    rig.ledger->onRingClose();
    rig.live(60);
    CHECK(rig.committed.empty());
    rig.ledger->onRingOpen(*rig.footage.ring);
    rig.live(70);
    CHECK(rig.committed.size() == 1);
}
