#include "tools/hub/receiver.hpp"

#include <catch2/catch.hpp>

#include "evidence/countersignature.hpp"
#include "support/base/fake_clock.hpp"
#include "support/base/memory_file_system.hpp"
#include "support/tools/clip_fixture.hpp"
#include "tools/hub/gallery.hpp"

using namespace camgate;
using namespace camgate::hub;
using namespace camgate::test;
using nlohmann::json;

namespace {

struct Sent {
    std::string topic;
    json payload;
};

struct Hub {
    explicit Hub(FileSystem& on) : files(on) {
        clock.setWall(
            {wall("2030-06-01T00:00:00Z"), WallQuality::Ntp, {}});  // when the golden certificates hold
        receiver =
            Receiver::open(
                files, clock, {"hub", "hub-1"}, {goldenCertificate("ca"), goldenIdentity("hub-countersign")},
                [this](const std::string& topic, const std::string& payload) {
                    sent.push_back({topic, json::parse(payload)});
                },
                [this](const std::string& line) { told.push_back(line); })
                .value();
    }
    void take(const std::string& suffix, const json& message) {
        receiver->take("camgate/v1/cg-1/" + suffix, asBytes(message.dump()));
    }
    FileSystem& files;
    FakeClock clock;
    std::vector<Sent> sent;
    std::vector<std::string> told;
    std::unique_ptr<Receiver> receiver;
};

json event(const std::string& id, const std::string& phase, const std::string& camera = "gate") {
    return {{"v", 1},
            {"id", id},
            {"event", "e1"},
            {"phase", phase},
            {"camera", camera},
            {"kind", "motion"},
            {"start", "2030-01-01T12:00:00.000Z"},
            {"end", nullptr},
            {"zones", {"path"}},
            {"confidence", 0.82}};
}

std::size_t linesIn(MemoryFileSystem& files, const std::string& path) {
    const Bytes content = files.contentOf(path);
    return static_cast<std::size_t>(std::ranges::count(content, static_cast<std::uint8_t>('\n')));
}

}  // namespace

TEST_CASE("hub: an event is written once, and each of its sendings is receipted", "[hub]") {
    MemoryFileSystem files;
    {
        Hub hub(files);
        hub.take("event/gate", event("a1", "start"));
        hub.take("event/gate", event("a2", "end"));
        hub.take("event/gate", event("a1", "start"));
        CHECK(hub.sent.empty());  // not before it is durable
        hub.receiver->commit();
        REQUIRE(hub.sent.size() == 1);
        CHECK(hub.sent[0].topic == "camgate/v1/cg-1/receipt");
        CHECK(hub.sent[0].payload == json{{"v", 1}, {"ids", {"a1", "a2", "a1"}}});
        CHECK(hub.told.size() == 2);
    }
    Hub again(files);
    again.take("event/gate", event("a1", "start"));
    again.receiver->commit();
    CHECK(again.sent.size() == 1);
    CHECK(linesIn(files, "hub/events.jsonl") == 2);
    CHECK(again.told.empty());
}

TEST_CASE("hub: what was receipted survives a power cut at any later moment", "[hub]") {
    MemoryFileSystem files;
    std::size_t receipted_at = 0;
    {
        Hub hub(files);
        hub.take("event/gate", event("a1", "start"));
        hub.receiver->commit();
        receipted_at = files.steps();
        for (int i = 2; i < 6; ++i) {
            hub.take("event/gate", event("a" + std::to_string(i), "update"));
            hub.receiver->commit();
        }
    }
    for (std::size_t step = receipted_at; step <= files.steps(); ++step) {
        const auto after = files.powerCut(step, step);
        Hub hub(*after);
        const std::size_t before = linesIn(*after, "hub/events.jsonl");
        hub.take("event/gate", event("a1", "start"));
        hub.receiver->commit();
        CHECK(linesIn(*after, "hub/events.jsonl") == before);
    }
}

TEST_CASE("hub: a still becomes a picture and leaves the line", "[hub]") {
    MemoryFileSystem files;
    Hub hub(files);
    json update = event("a1", "update");
    update["still"] = {{"at", "2030-01-01T12:00:01.000Z"}, {"jpeg", toBase64(Bytes{0xFF, 0xD8, 0xFF, 1})}};
    hub.take("event/gate", update);
    hub.receiver->commit();
    CHECK(files.contentOf("hub/stills/e1.jpg").size() == 4);
    const json line = json::parse(asText(files.contentOf("hub/events.jsonl")));
    CHECK(line["still"] == json{{"at", "2030-01-01T12:00:01.000Z"}, {"file", "stills/e1.jpg"}});
    CHECK(line["gateway"] == "cg-1");
}

TEST_CASE("hub: what can never be used is refused, counted and receipted", "[hub]") {
    MemoryFileSystem files;
    Hub hub(files);
    hub.take("event/other", event("a1", "start"));  // says gate
    json bad_event = event("a2", "start");
    bad_event["event"] = "../../x";
    hub.take("event/gate", bad_event);
    hub.receiver->take("camgate/v1/cg-1/event/gate", asBytes("{\"v\":1,"));
    hub.receiver->take("camgate/v1/cg-1/event/gate", asBytes("[1]"));
    hub.receiver->take("elsewhere", asBytes("{}"));
    hub.take("audit", {{"v", 1}, {"id", "NOT HEX"}});
    CHECK(hub.receiver->refused() == 6);
    hub.receiver->commit();
    REQUIRE(hub.sent.size() == 1);
    CHECK(hub.sent[0].payload["ids"] == json{"a1", "a2"});
    CHECK(linesIn(files, "hub/events.jsonl") == 0);
}

TEST_CASE("hub: audit and replies are kept once", "[hub]") {
    MemoryFileSystem files;
    Hub hub(files);
    for (int i = 0; i < 2; ++i) {
        hub.take("audit", {{"v", 1}, {"id", "b1"}, {"action", "clip.request"}});
        hub.take("reply", {{"v", 1}, {"id", "b2"}, {"ok", true}});
    }
    hub.receiver->commit();
    CHECK(linesIn(files, "hub/audit.jsonl") == 1);
    CHECK(linesIn(files, "hub/replies.jsonl") == 1);
}

TEST_CASE("hub: the late will of an earlier session is not believed", "[hub]") {
    MemoryFileSystem files;
    const auto status = [](bool online, const char* session) {
        return json{{"v", 1}, {"online", online}, {"session", session}};
    };
    {
        Hub hub(files);
        hub.take("status", status(true, "s1"));
        hub.take("status", status(true, "s2"));
        hub.take("status", status(false, "s1"));
    }
    const auto stored = [&] { return json::parse(asText(files.contentOf("hub/gateways/cg-1/status.json"))); };
    CHECK(stored()["online"] == true);
    Hub hub(files);  // it remembers the newest birth
    hub.take("status", status(false, "s1"));
    CHECK(stored()["online"] == true);
    hub.take("status", status(false, "s2"));
    CHECK(stored()["online"] == false);
    CHECK(hub.told.size() == 1);
    hub.take("telemetry", {{"v", 1}, {"uptime_s", 5}});
    CHECK(json::parse(asText(files.contentOf("hub/gateways/cg-1/telemetry.json")))["uptime_s"] == 5);
}

TEST_CASE("hub: the gallery shows events with their clips, newest first, and escapes all", "[hub]") {
    MemoryFileSystem files;
    Hub hub(files);
    json start = event("a1", "start");
    start["zones"] = {"<script>alert(1)</script>"};
    hub.take("event/gate", start);
    json later = event("a2", "start");
    later["event"] = "e2";
    later["start"] = "2030-01-01T13:00:00.000Z";
    hub.take("event/gate", later);
    TestClip clip;
    hub.take("clip/" + clip.id() + "/manifest", clip.plan());
    hub.receiver->take("camgate/v1/cg-1/clip/" + clip.id() + "/chunk/hub-1",
                       TestClip::chunkOf(0, clip.bytes));
    hub.take("clip/" + clip.id() + "/manifest", clip.complete());
    hub.receiver->commit();
    const auto events = readGallery(files, "hub").value();
    REQUIRE(events.size() == 2);
    CHECK(events[0].start == "2030-01-01T13:00:00.000Z");
    REQUIRE(events[1].clips.size() == 2);
    CHECK(events[1].clips[0].verified);

    std::vector<GalleryEvent> shown = events;
    shown[0].clips.push_back({"clips/x.mp4", "h265", "full", "good", 2.5, true});
    shown[0].end = "2030-01-01T13:00:07.500Z";
    shown[0].still = "stills/\"onerror=.jpg";
    const std::string page = galleryPage(shown);
    CHECK(page.find("<script") == std::string::npos);
    CHECK(page.find("&lt;script&gt;alert(1)&lt;/script&gt;") != std::string::npos);
    CHECK(page.find("<video controls preload=\"metadata\" src=\"clips/" + clip.id() + ".mp4\"") !=
          std::string::npos);
    CHECK(page.find("<img class=\"still\" loading=\"lazy\" alt=\"\" src=\"stills/&quot;onerror=.jpg\"") !=
          std::string::npos);
    CHECK(page.find("<a href=\"clips/x.mp4\">full h265</a> 2.5 s") != std::string::npos);
    CHECK(page.find(">2030-01-01 13:00:00 to 13:00:07<") != std::string::npos);
    CHECK(page.find(">2030-01-01 12:00:00 (not ended)<") != std::string::npos);
    CHECK(page.find("http") == page.find("http-equiv"));  // nothing is loaded from elsewhere
    CHECK(escapeHtml("a<b>&\"'") == "a&lt;b&gt;&amp;&quot;&#39;");
}

namespace {

json checkpointRow(const std::string& id, const evidence::Checkpoint& checkpoint) {
    const std::string text = evidence::signCheckpoint(checkpoint, goldenIdentity("evidence")).value();
    return {{"v", 1}, {"id", id}, {"signed", json::parse(text)}};
}

evidence::Checkpoint firstCheckpoint() {
    auto checkpoint = sampleCheckpoint();
    checkpoint.previous.reset();
    return checkpoint;
}

std::vector<std::string> countersignaturesIn(const Hub& hub) {
    std::vector<std::string> found;
    for (const auto& [topic, message] : hub.sent) {
        if (!message.contains("countersignatures")) continue;
        for (const json& word : message["countersignatures"]) found.push_back(word.dump());
    }
    return found;
}

}  // namespace

TEST_CASE("hub: a checkpoint is kept and countersigned with the time of its arrival, in front of its receipt",
          "[hub]") {
    MemoryFileSystem files;
    Hub hub(files);
    hub.take("checkpoint/gate", checkpointRow("a1", firstCheckpoint()));
    CHECK(hub.sent.empty());
    hub.receiver->commit();
    REQUIRE(hub.sent.size() == 2);
    const auto words = countersignaturesIn(hub);
    REQUIRE(words.size() == 1);
    const auto word =
        evidence::verifyCountersignature(words[0], goldenCertificate("hub-ca"), wall("2030-06-01T00:00:00Z"));
    REQUIRE(word);
    CHECK(word->checkpoint == evidence::digestOf(firstCheckpoint()));
    CHECK(word->received == wall("2030-06-01T00:00:00Z"));
    CHECK(hub.sent[1].payload["ids"] == json{"a1"});
    const auto kept = json::parse(asText(files.contentOf("hub/checkpoints.jsonl")));
    CHECK(kept["chain"] == "first");
    CHECK(kept["countersignature"].dump() == words[0]);
}

TEST_CASE("hub: a checkpoint that comes again has the same countersignature, also after a restart", "[hub]") {
    MemoryFileSystem files;
    std::vector<std::string> before;
    {
        Hub hub(files);
        hub.take("checkpoint/gate", checkpointRow("a1", firstCheckpoint()));
        hub.receiver->commit();
        before = countersignaturesIn(hub);
    }
    Hub hub(files);
    hub.clock.setWall({wall("2030-06-02T00:00:00Z"), WallQuality::Ntp, {}});
    hub.take("checkpoint/gate", checkpointRow("a1", firstCheckpoint()));
    hub.receiver->commit();
    CHECK(countersignaturesIn(hub) == before);
    CHECK(files.contentOf("hub/checkpoints.jsonl").size() > 0);
    CHECK(hub.told.empty());
}

TEST_CASE("hub: a checkpoint that does not follow the one before is told", "[hub]") {
    MemoryFileSystem files;
    Hub hub(files);
    auto next = sampleCheckpoint();
    next.previous = evidence::digestOf(firstCheckpoint());
    next.first.sequence = next.last.sequence + 1;
    next.last.sequence += 500;
    auto lost = next;
    lost.previous = crypto::sha256({});
    hub.take("checkpoint/gate", checkpointRow("a1", firstCheckpoint()));
    hub.take("checkpoint/gate", checkpointRow("a2", next));
    CHECK(hub.told.empty());
    hub.take("checkpoint/gate", checkpointRow("a3", lost));
    REQUIRE(hub.told.size() == 1);
    CHECK_THAT(hub.told[0], Catch::Contains("LEDGER"));
}

TEST_CASE("hub: what is no checkpoint of this gateway and camera is receipted and not countersigned",
          "[hub]") {
    MemoryFileSystem files;
    Hub hub(files);
    auto stranger = checkpointRow("a3", firstCheckpoint());
    stranger["signed"]["sig"] = "AAAA";
    hub.take("checkpoint/yard", checkpointRow("a1", firstCheckpoint()));
    hub.take("checkpoint/gate", {{"v", 1}, {"id", "a2"}});
    hub.take("checkpoint/gate", stranger);
    hub.receiver->commit();
    CHECK(countersignaturesIn(hub).empty());
    REQUIRE(hub.sent.size() == 1);
    CHECK(hub.sent[0].payload["ids"] == json{"a1", "a2", "a3"});
    CHECK(hub.receiver->refused() == 3);
    CHECK(files.contentOf("hub/checkpoints.jsonl").empty());
}
