#include "tools/hub/receiver.hpp"

#include <catch2/catch.hpp>

#include "base/markup.hpp"
#include "evidence/countersignature.hpp"
#include "support/base/fake_clock.hpp"
#include "support/base/memory_file_system.hpp"
#include "support/base/temp_directory.hpp"
#include "support/tools/clip_fixture.hpp"
#include "tools/hub/gallery.hpp"

using namespace camgate;
using namespace camgate::hub;
using namespace camgate::test;
using nlohmann::json;

namespace {

struct SentDocument {
    std::string topic;
    json payload;
};

/// What a hub process has on disk.
struct Disk {
    MemoryFileSystem files;
    std::unique_ptr<HubDatabase> database = HubDatabase::open(":memory:").value();

    std::vector<json> documents(RowKind kind) const {
        std::vector<json> all;
        const auto texts = database->documents(kind).value();
        for (const auto& text : texts) all.push_back(json::parse(text));
        return all;
    }
};

struct ReceivingHub {
    explicit ReceivingHub(Disk& disk) : files(disk.files) {
        clock.setWall(
            {wall("2030-06-01T00:00:00Z"), WallQuality::Ntp, {}});  // when the golden certificates hold
        receiver = Receiver::open(
                       files, clock, {"hub", "hub-1", {}}, *disk.database,
                       {goldenCertificate("ca"), goldenIdentity("hub-countersign")},
                       [this](const std::string& topic, const std::string& payload) {
                           sent.push_back({topic, json::parse(payload)});
                       },
                       [this](const std::string& line) { told.push_back(line); })
                       .value();
    }
    void take(const std::string& suffix, const json& message) {
        receiver->take(Source::Shared, "camgate/v1/cg-1/" + suffix, asBytes(message.dump()));
    }
    FileSystem& files;
    FakeClock clock;
    std::vector<SentDocument> sent;
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

}  // namespace

TEST_CASE("hub: an event is written once, and each of its sendings is receipted", "[hub]") {
    Disk disk;
    {
        ReceivingHub hub(disk);
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
    ReceivingHub again(disk);
    again.take("event/gate", event("a1", "start"));
    again.receiver->commit();
    CHECK(again.sent.size() == 1);
    CHECK(disk.documents(RowKind::Event).size() == 2);
    CHECK(again.told.empty());
}

TEST_CASE("hub: a process that gets too much asks for a delay with its receipts, for a while", "[hub]") {
    Disk disk;
    ReceivingHub hub(disk);
    const auto delay = [&](const char* row) {
        hub.take("event/gate", event(row, "start"));
        hub.receiver->commit();
        return hub.sent.back().payload.value("delay_s", 0);
    };
    CHECK(delay("a1") == 0);
    hub.receiver->slowDown();
    CHECK(delay("a2") >= 5);
    CHECK(delay("a3") < 60);
    hub.clock.advance(std::chrono::seconds(10));
    CHECK(delay("a4") == 0);
}

TEST_CASE("hub: what was receipted is there after the process was killed, what was not is gone", "[hub]") {
    const TempDirectory folder;
    const std::string path = folder.file("hub.db");
    {
        Disk disk;
        disk.database = HubDatabase::open(path).value();
        ReceivingHub hub(disk);
        hub.take("event/gate", event("a1", "start"));
        hub.receiver->commit();
        hub.take("event/gate", event("a2", "update"));
    }
    Disk disk;
    disk.database = HubDatabase::open(path).value();
    REQUIRE(disk.documents(RowKind::Event).size() == 1);
    CHECK(disk.documents(RowKind::Event)[0]["id"] == "a1");
    ReceivingHub hub(disk);
    hub.take("event/gate", event("a1", "start"));
    hub.take("event/gate", event("a2", "update"));
    hub.receiver->commit();
    CHECK(disk.documents(RowKind::Event).size() == 2);
    CHECK(hub.sent.back().payload["ids"] == json{"a1", "a2"});
}

TEST_CASE("hub: a still becomes a picture and leaves the line", "[hub]") {
    Disk disk;
    ReceivingHub hub(disk);
    json update = event("a1", "update");
    update["still"] = {{"at", "2030-01-01T12:00:01.000Z"}, {"jpeg", toBase64(Bytes{0xFF, 0xD8, 0xFF, 1})}};
    hub.take("event/gate", update);
    hub.receiver->commit();
    CHECK(disk.files.contentOf("hub/stills/e1.jpg").size() == 4);
    const json line = disk.documents(RowKind::Event).at(0);
    CHECK(line["still"] == json{{"at", "2030-01-01T12:00:01.000Z"}, {"file", "stills/e1.jpg"}});
    CHECK(line["gateway"] == "cg-1");
}

TEST_CASE("hub: what can never be used is refused, counted and receipted", "[hub]") {
    Disk disk;
    ReceivingHub hub(disk);
    hub.take("event/other", event("a1", "start"));  // says gate
    json bad_event = event("a2", "start");
    bad_event["event"] = "../../x";
    hub.take("event/gate", bad_event);
    hub.receiver->take(Source::Own, "camgate/v1/cg-1/event/gate", asBytes("{\"v\":1,"));
    hub.receiver->take(Source::Own, "camgate/v1/cg-1/event/gate", asBytes("[1]"));
    hub.receiver->take(Source::Own, "elsewhere", asBytes("{}"));
    hub.take("audit", {{"v", 1}, {"id", "NOT HEX"}});
    CHECK(hub.receiver->refused() == 6);
    hub.receiver->commit();
    REQUIRE(hub.sent.size() == 1);
    CHECK(hub.sent[0].payload["ids"] == json{"a1", "a2"});
    CHECK(disk.documents(RowKind::Event).empty());
}

TEST_CASE("hub: audit and replies are kept once", "[hub]") {
    Disk disk;
    ReceivingHub hub(disk);
    for (int i = 0; i < 2; ++i) {
        hub.take("audit", {{"v", 1}, {"id", "b1"}, {"action", "clip.request"}});
        hub.take("reply", {{"v", 1}, {"id", "b2"}, {"ok", true}});
    }
    hub.receiver->commit();
    CHECK(disk.documents(RowKind::Audit).size() == 1);
    CHECK(disk.documents(RowKind::Reply).size() == 1);
}

TEST_CASE("hub: the late will of an earlier session is not believed", "[hub]") {
    Disk disk;
    const auto status = [](bool online, const char* session) {
        return json{{"v", 1}, {"online", online}, {"session", session}};
    };
    {
        ReceivingHub hub(disk);
        hub.take("status", status(true, "s1"));
        hub.take("status", status(true, "s2"));
        hub.take("status", status(false, "s1"));
    }
    const auto online = [&] { return disk.database->gateway("cg-1").value().online; };
    CHECK(online());
    ReceivingHub hub(disk);  // it remembers the newest birth
    hub.take("status", status(false, "s1"));
    CHECK(online());
    hub.take("status", status(false, "s2"));
    CHECK_FALSE(online());
    CHECK(hub.told.size() == 1);
    hub.take("telemetry", {{"v", 1}, {"uptime_s", 5}});
    CHECK(json::parse(disk.database->telemetry("cg-1").value())["uptime_s"] == 5);
}

TEST_CASE("hub: the gallery shows events with their clips, newest first, and escapes all", "[hub]") {
    Disk disk;
    ReceivingHub hub(disk);
    json start = event("a1", "start");
    start["zones"] = {"<script>alert(1)</script>"};
    hub.take("event/gate", start);
    json later = event("a2", "start");
    later["event"] = "e2";
    later["start"] = "2030-01-01T13:00:00.000Z";
    hub.take("event/gate", later);
    TestClip clip;
    hub.take("clip/" + clip.id() + "/manifest", clip.plan());
    hub.receiver->take(Source::Own, "camgate/v1/cg-1/clip/" + clip.id() + "/chunk/hub-1",
                       TestClip::chunkOf(0, clip.bytes));
    hub.take("clip/" + clip.id() + "/manifest", clip.complete());
    hub.receiver->commit();
    const auto events = readGallery(*disk.database).value();
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
    CHECK(escapeMarkup("a<b>&\"'") == "a&lt;b&gt;&amp;&quot;&#39;");
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

std::vector<std::string> countersignaturesIn(const ReceivingHub& hub) {
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
    Disk disk;
    ReceivingHub hub(disk);
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
    const auto digest = toHex(evidence::digestOf(firstCheckpoint()));
    const auto kept = json::parse(disk.database->checkpoint(digest).value()->document);
    CHECK(kept["chain"] == "first");
    CHECK(kept["countersignature"].dump() == words[0]);
}

TEST_CASE("hub: a checkpoint that comes again has the same countersignature, also after a restart", "[hub]") {
    Disk disk;
    std::vector<std::string> before;
    {
        ReceivingHub hub(disk);
        hub.take("checkpoint/gate", checkpointRow("a1", firstCheckpoint()));
        hub.receiver->commit();
        before = countersignaturesIn(hub);
    }
    ReceivingHub hub(disk);
    hub.clock.setWall({wall("2030-06-02T00:00:00Z"), WallQuality::Ntp, {}});
    hub.take("checkpoint/gate", checkpointRow("a1", firstCheckpoint()));
    hub.receiver->commit();
    CHECK(countersignaturesIn(hub) == before);
    CHECK(hub.told.empty());
}

TEST_CASE("hub: a checkpoint that does not follow the one before is told", "[hub]") {
    Disk disk;
    ReceivingHub hub(disk);
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
    Disk disk;
    ReceivingHub hub(disk);
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
    CHECK_FALSE(disk.database->checkpoint(toHex(evidence::digestOf(firstCheckpoint()))).value());
}
