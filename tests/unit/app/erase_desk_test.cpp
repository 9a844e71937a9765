#include "app/erase_desk.hpp"

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include "ring/camera_tag.hpp"
#include "support/app/card.hpp"
#include "support/base/fake_loop.hpp"
#include "support/ring/draft_maker.hpp"
#include "support/ring/ring_place.hpp"

using namespace camgate;
using namespace camgate::app;
using namespace std::chrono_literals;
using nlohmann::json;

namespace {

struct EraseDeskRig {
    test::FakeClock clock;
    test::FakeLoop loop{clock};
    test::Card card;
    std::vector<uplink::AuditRecord> entries;
    Status keeps;  ///< what the audit answers
    ring::Ring* ring = nullptr;
    Recorder recorder{
        loop,
        card,
        RecorderOptions{test::kRingPath,
                        {.size_bytes = 24U << 20U, .extent_bytes = 4U << 20U, .gateway = "cg-1"},
                        8U << 20U,
                        {{"gate"}},
                        {true, "/stick/ring.key", {}}},
        [] {},
        [this](ring::Ring& opened) { ring = &opened; },
        [] {}};
    EraseDesk desk{clock, recorder,
                   [this](const uplink::AuditRecord& entry, const std::function<void(Status)>& kept) {
                       entries.push_back(entry);
                       kept(keeps);
                   }};
    Result<std::string> answered = fail(ErrorKind::Timeout, "not answered");

    EraseDeskRig() {
        recorder.start();
        settle();
    }
    void settle() {
        bool reached = false;
        REQUIRE(recorder.thread().tryPost([&] { loop.post([&] { reached = true; }); }));
        while (!reached) {
            REQUIRE(loop.waitForPost());
            loop.runPosted();
        }
    }
    /// One record at noon of 2026-03-01 and one a day later.
    void putFootage() {
        for (const Duration at : std::array<Duration, 2>{100s, 100s + 24h}) {
            test::DraftWish wish;
            wish.camera_tag = ring::cameraTag("cg-1", "gate");
            wish.sequence = ring->nextSequence(wish.camera_tag, media::StreamKind::Main);
            wish.first_decode = BootTime(at);
            std::vector<ring::RecordDraft> round;
            round.push_back(test::makeDraft(wish));
            REQUIRE(ring->append(round));
        }
    }
    std::size_t kept() {
        return ring
            ->find(ring::cameraTag("cg-1", "gate"), media::StreamKind::Main, WallTime(0s),
                   WallTime(4'000'000'000s))
            .value()
            .size();
    }
    Result<std::string> erase(const json& parameters) {
        desk.erase("console owner", parameters.dump(),
                   [this](Result<std::string> result) { answered = std::move(result); });
        settle();
        return answered;
    }
    Result<std::string> reset() {
        desk.reset("console owner", [this](Result<std::string> result) { answered = std::move(result); });
        settle();
        return answered;
    }
};

}  // namespace

TEST_CASE("erase desk: erases the days asked for, and keeps an entry before and one after",
          "[app][sealing]") {
    EraseDeskRig f;
    f.putFootage();
    const auto answer =
        f.erase({{"camera", "gate"}, {"from", "2026-03-02T00:00:00Z"}, {"to", "2026-03-02T23:59:59Z"}});
    REQUIRE(answer);
    CHECK(json::parse(*answer)["keys"] == 1);
    CHECK(f.kept() == 1);
    REQUIRE(f.entries.size() == 2);
    CHECK(f.entries[0].action == "footage.erase");
    CHECK(f.entries[0].actor == "console owner");
    CHECK(f.entries[0].outcome == "started");
    CHECK(json::parse(f.entries[0].detail_json)["camera"] == "gate");
    CHECK(f.entries[1].actor == "console owner");
    CHECK(f.entries[1].outcome == "done");
    CHECK(json::parse(f.entries[1].detail_json)["keys"] == 1);
    CHECK(json::parse(f.erase({{"camera", "gate"}}).value())["keys"] == 1);
    CHECK(f.kept() == 0);
}

TEST_CASE("erase desk: a reset takes all footage, is audited, and recording goes on", "[app][sealing]") {
    EraseDeskRig f;
    f.putFootage();
    CHECK(f.reset().value() == "{}");
    CHECK(f.kept() == 0);
    REQUIRE(f.entries.size() == 2);
    CHECK(f.entries[0].action == "footage.reset");
    CHECK(f.entries[0].outcome == "started");
    CHECK(f.entries[1].outcome == "done");
    f.putFootage();
    CHECK(f.kept() == 2);
    f.keeps = fail(ErrorKind::NoSpace, "the outbox is full");
    CHECK_FALSE(f.reset());
    CHECK(f.kept() == 2);
}

TEST_CASE("erase desk: nothing is erased without an audit entry", "[app][sealing]") {
    EraseDeskRig f;
    f.putFootage();
    f.keeps = fail(ErrorKind::NoSpace, "the outbox is full");
    const auto answer = f.erase({{"camera", "gate"}});
    REQUIRE_FALSE(answer);
    CHECK(answer.error().context.find("audit") != std::string::npos);
    CHECK(f.kept() == 2);
}

TEST_CASE("erase desk: a range the wrong way round or a camera that is not recorded is refused",
          "[app][sealing]") {
    EraseDeskRig f;
    f.putFootage();
    CHECK(f.erase({{"camera", "gate"}, {"from", "2026-03-02T00:00:00Z"}, {"to", "2026-03-01T00:00:00Z"}})
              .error()
              .kind == ErrorKind::InvalidArgument);
    CHECK(f.entries.empty());
    CHECK(f.erase({{"camera", "yard"}}).error().kind == ErrorKind::NotFound);
    CHECK(f.entries.back().outcome == "failed");
    CHECK(f.kept() == 2);
}
