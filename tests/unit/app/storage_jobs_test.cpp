#include "app/storage_jobs.hpp"

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

ring::RingOptions ringOf(const std::string& gateway) {
    return {.size_bytes = 24U << 20U, .extent_bytes = 4U << 20U, .gateway = gateway};
}

struct StorageJobsRig {
    test::FakeClock clock;
    test::FakeLoop loop{clock};
    test::Card card;
    std::vector<uplink::AuditRecord> entries;
    Status keeps;  ///< what the audit answers
    int opened = 0;
    Recorder recorder{loop,
                      card,
                      RecorderOptions{test::kRingPath, ringOf("cg-1"), 8U << 20U, {}, {}},
                      [] {},
                      [this](ring::Ring& ring) {
                          ++opened;
                          jobs.lead(&ring);
                      },
                      [this] { jobs.lead(nullptr); }};
    StorageJobs jobs{loop,
                     card,
                     recorder,
                     {.path = test::kRingPath, .gateway = "cg-1", .measured_bytes = 16U << 20U},
                     {"gate"},
                     [this](const uplink::AuditRecord& entry, const std::function<void(Status)>& kept) {
                         entries.push_back(entry);
                         kept(keeps);
                     }};

    void put(const std::string& gateway) {
        REQUIRE(ring::Ring::open(card, test::kRingPath, ringOf(gateway), clock));
    }
    void settle() {
        bool reached = false;
        REQUIRE(recorder.thread().tryPost([&] { loop.post([&] { reached = true; }); }));
        while (!reached) {
            REQUIRE(loop.waitForPost());
            loop.runPosted();
        }
    }
    /// Records 1 to 5 of a stream, a second each; where the third lies.
    void putFootage() {
        auto ring = ring::Ring::open(card, test::kRingPath, ringOf("cg-1"), clock).value();
        for (std::uint64_t sequence = 1; sequence <= 5; ++sequence) {
            test::DraftWish wish;
            wish.camera_tag = ring::cameraTag("cg-1", "gate");
            wish.sequence = sequence;
            wish.first_decode = BootTime(100s + std::chrono::seconds(sequence));
            std::vector<ring::RecordDraft> round;
            round.push_back(test::makeDraft(wish));
            const auto appended = ring->append(round);
            REQUIRE(appended);
            if (sequence == 3) third = appended->records[0].at;
        }
        extent_bytes = ring->header().extent_bytes;
    }
    void flip() {
        auto file = card.open(test::kRingPath, OpenMode::ReadWrite).value();
        const std::uint64_t begin = ring::kFront_bytes + third.extent * extent_bytes + third.offset_bytes;
        REQUIRE(file->writeAt(begin + third.total_bytes / 2, Bytes{0x5A, 0xA5, 0x5A}));
    }
    void checkToItsEnd() {
        Result<std::string> answered = fail(ErrorKind::Timeout, "not answered");
        jobs.check([&answered](Result<std::string> result) { answered = std::move(result); });
        REQUIRE(answered);
        for (int turn = 0; turn < 1000 && job()["state"] == "running"; ++turn) settle();
    }
    ring::RecordLocation third;
    std::uint64_t extent_bytes = 0;

    Result<std::string> format(const char* parameters = "{}") {
        Result<std::string> answered = fail(ErrorKind::Timeout, "not answered");
        jobs.format("console technician", parameters,
                    [&answered](Result<std::string> result) { answered = std::move(result); });
        return answered;
    }
    json job() const { return json::parse(jobs.jobJson()); }
};

}  // namespace

TEST_CASE("storage jobs: formatting measures the card, makes a new ring and is audited twice", "[app]") {
    StorageJobsRig rig;
    rig.put("cg-1");
    rig.recorder.start();
    rig.settle();
    CHECK(rig.job()["state"] == "none");
    REQUIRE(rig.format());
    CHECK(rig.job()["state"] == "running");
    CHECK(rig.format().error().kind == ErrorKind::Unavailable);
    rig.settle();
    rig.settle();
    const json job = rig.job();
    CHECK(job["state"] == "done");
    CHECK(job["done_bytes"] == 16U << 20U);
    CHECK(job["result"]["measured_bytes"] == 16U << 20U);
    CHECK(job["result"]["stalls"] == 0);
    CHECK(rig.opened == 2);
    CHECK_FALSE(rig.card.exists(test::kRingPath + ".measure"));
    REQUIRE(rig.entries.size() == 2);
    CHECK(rig.entries[0].action == "storage.format");
    CHECK(rig.entries[0].actor == "console technician");
    CHECK(rig.entries[0].outcome == "started");
    CHECK(rig.entries[1].outcome == "done");
}

TEST_CASE("storage jobs: another gateway's ring is erased by force only", "[app]") {
    StorageJobsRig rig;
    rig.put("cg-2");
    rig.recorder.start();
    rig.settle();
    CHECK(rig.recorder.state() == StorageState::Error);
    REQUIRE(rig.format());
    rig.settle();
    rig.settle();
    CHECK(rig.job()["state"] == "failed");
    CHECK(rig.job()["error"].get<std::string>().find("/card/ring holds the footage of gateway 'cg-2', this "
                                                     "is 'cg-1'; left as it is, --force erases it") !=
          std::string::npos);
    CHECK(rig.entries.back().outcome == "failed");
    CHECK(rig.opened == 0);
    REQUIRE(rig.format(R"({"force":true})"));
    rig.settle();
    rig.settle();
    CHECK(rig.job()["state"] == "done");
    CHECK(rig.opened == 1);
}

TEST_CASE("storage jobs: what is no ring is erased by force only", "[app]") {
    StorageJobsRig rig;
    REQUIRE(
        rig.card.open(test::kRingPath, OpenMode::CreateNew).value()->writeAt(0, asBytes("holiday pictures")));
    rig.recorder.start();
    rig.settle();
    REQUIRE(rig.format());
    rig.settle();
    rig.settle();
    CHECK(rig.job()["error"].get<std::string>().find("something else (not a camgate ring)") !=
          std::string::npos);
    CHECK(rig.card.exists(test::kRingPath));
}

TEST_CASE("storage jobs: nothing is erased without an audit entry", "[app]") {
    StorageJobsRig rig;
    rig.put("cg-1");
    rig.keeps = fail(ErrorKind::NoSpace, "the disk is full");
    rig.recorder.start();
    rig.settle();
    CHECK(rig.format().error().context == "nothing is erased without an audit entry: the disk is full");
    rig.settle();
    CHECK(rig.opened == 1);
    CHECK(rig.job()["state"] == "failed");
}

TEST_CASE("storage jobs: a check reads every record and finds a sound ring sound", "[app]") {
    StorageJobsRig rig;
    rig.putFootage();
    rig.recorder.start();
    rig.settle();
    rig.checkToItsEnd();
    const json job = rig.job();
    CHECK(job["state"] == "done");
    CHECK(job["result"]["records"] == 5);
    CHECK(job["result"]["damaged_records"] == 0);
}

TEST_CASE("storage jobs: a check names camera, stream and time of what is damaged", "[app]") {
    StorageJobsRig rig;
    rig.putFootage();
    rig.recorder.start();
    rig.settle();
    rig.flip();
    rig.checkToItsEnd();
    const json result = rig.job()["result"];
    CHECK(result["records"] == 5);
    CHECK(result["damaged_records"] == 1);
    REQUIRE(result["damages"].size() == 1);
    CHECK(result["damages"][0]["camera"] == "gate");
    CHECK(result["damages"][0]["stream"] == "main");
    // Record 3 begins at boot time 103 s; the drafts' map is wall = boot + 1772366300 s, 11:58:20 that day.
    CHECK(result["damages"][0]["from"] == "2026-03-01T12:00:03.000Z");
    CHECK(result["damages"][0]["to"] == "2026-03-01T12:00:03.900Z");
}

TEST_CASE("storage jobs: a check without a ring is refused, one whose ring goes has failed", "[app]") {
    StorageJobsRig rig;
    rig.put("cg-2");
    rig.recorder.start();
    rig.settle();
    Result<std::string> answered = std::string();
    const auto answer = [&answered](Result<std::string> result) { answered = std::move(result); };
    rig.jobs.check(answer);
    CHECK(answered.error().kind == ErrorKind::Unavailable);
    REQUIRE(rig.format(R"({"force":true})"));
    rig.settle();
    rig.settle();
    rig.jobs.check(answer);
    REQUIRE(answered);
    rig.jobs.lead(nullptr);
    CHECK(rig.job()["state"] == "failed");
    rig.settle();
    CHECK(rig.job()["error"].get<std::string>().find("the ring went while it was checked") !=
          std::string::npos);
}
