#include "app/clip_desk.hpp"

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include "support/uplink/fake_clip_source.hpp"

using namespace camgate;
using namespace camgate::app;
using nlohmann::json;

namespace {

const std::string kRange =
    R"({"camera":"gate","from":"2026-03-01T12:00:00Z","to":"2026-03-01T12:01:00Z","quality":"preview"})";

struct Desk {
    test::FakeClock clock;
    test::FakeLoop loop{clock};
    test::FakeClipSource clips{loop};
    std::vector<uplink::AuditRecord> entries;
    std::vector<std::function<void(Status)>> unkept;  ///< entries that are not durable yet
    ClipDesk desk{clock, clips, [this](const uplink::AuditRecord& entry, std::function<void(Status)> kept) {
                      entries.push_back(entry);
                      unkept.push_back(std::move(kept));
                  }};
    Result<std::string> answered = fail(ErrorKind::Timeout, "not answered");

    ClipDesk::Answer answer() {
        answered = fail(ErrorKind::Timeout, "not answered");
        return [this](Result<std::string> result) { answered = std::move(result); };
    }
    void keep(const Status& status = {}) {
        auto kept = std::exchange(unkept, {});
        for (const auto& each : kept) each(status);
        loop.runPosted();
    }
    std::string planned() {
        desk.plan("console owner", kRange, answer());
        loop.runPosted();
        keep();
        return json::parse(answered.value())["clip"];
    }
    Result<std::string> read(const std::string& clip) {
        desk.read(json{{"clip", clip}, {"offset", 0}, {"length", 100}}.dump(), answer());
        loop.runPosted();
        return answered;
    }
};

}  // namespace

TEST_CASE("clip desk: nothing is given out before the audit entry is durable", "[app]") {
    Desk f;
    f.desk.plan("console owner", kRange, f.answer());
    f.loop.runPosted();
    REQUIRE(f.entries.size() == 1);
    CHECK(f.entries[0].action == "clip.export");
    CHECK(f.entries[0].actor == "console owner");
    CHECK(f.entries[0].outcome == "given");
    const json detail = json::parse(f.entries[0].detail_json);
    CHECK(detail["camera"] == "gate");
    CHECK(detail["quality"] == "preview");
    CHECK(f.answered.error().kind == ErrorKind::Timeout);
    CHECK(f.clips.reads == 0);
    CHECK(f.read(detail["clip"]).error().kind == ErrorKind::NotFound);
    CHECK(f.clips.reads == 0);
}

TEST_CASE("clip desk: an entry that cannot be kept refuses the footage and says why", "[app]") {
    Desk f;
    f.desk.plan("console owner", kRange, f.answer());
    f.loop.runPosted();
    f.keep(fail(ErrorKind::NoSpace, "the disk is full"));
    REQUIRE_FALSE(f.answered);
    CHECK(f.answered.error().context == "no footage is given out without an audit entry: the disk is full");
    CHECK(f.clips.held.empty());
}

TEST_CASE("clip desk: finishing signs, releases and keeps a second entry with the hash", "[app]") {
    Desk f;
    const std::string clip = f.planned();
    REQUIRE(f.read(clip));
    f.desk.finish(json{{"clip", clip}, {"sha256", "ab"}}.dump(), f.answer());
    f.loop.runPosted();
    REQUIRE(f.entries.size() == 2);
    CHECK(f.entries[1].actor == "console owner");
    CHECK(f.entries[1].outcome == "written");
    CHECK(json::parse(f.entries[1].detail_json)["sha256"] == "ab");
    CHECK_FALSE(f.answered);
    f.keep();
    CHECK(json::parse(json::parse(f.answered.value())["signed"].get<std::string>())["sha256"] == "ab");
    CHECK(f.clips.held.empty());
    CHECK(f.read(clip).error().kind == ErrorKind::NotFound);
}

TEST_CASE("clip desk: a clip that the hub asked for is not to be had under its id", "[app]") {
    Desk f;
    std::string id;
    clip::ClipRequest request;
    request.camera = "gate";
    f.clips.plan(request, [&id](const Result<clip::PlannedClip>& planned) { id = planned->id; });
    f.loop.runPosted();
    CHECK(f.read(id).error().kind == ErrorKind::NotFound);
    f.desk.release(json{{"clip", id}}.dump(), f.answer());
    CHECK(f.clips.held.contains(id));
}

TEST_CASE("clip desk: those who never finish do not shut others out", "[app]") {
    Desk f;
    std::string first;
    for (int minute = 0; minute < 20; ++minute) {
        const std::string to = "2026-03-01T12:" + std::to_string(10 + minute) + ":00Z";
        f.desk.plan("console owner",
                    json{{"camera", "gate"}, {"from", "2026-03-01T12:00:00Z"}, {"to", to}}.dump(),
                    f.answer());
        f.loop.runPosted();
        f.keep();
        REQUIRE(f.answered);
        if (first.empty()) first = json::parse(*f.answered)["clip"];
    }
    CHECK(f.read(first).error().kind == ErrorKind::NotFound);
    CHECK(f.clips.held.size() <= 8);
}
