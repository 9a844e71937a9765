// A clip's way to the hub, over lost chunks, lost words, broken connections and restarts.
#include <catch2/catch.hpp>
#include <map>

#include "support/uplink/gateway.hpp"

using namespace camgate;
using namespace std::chrono_literals;
using test::Gateway;
using uplink::ReportPhase;
using Json = nlohmann::json;

namespace {

const std::string kCaseOrder =
    R"({"camera":"gate","from":"2030-01-01T11:00:00Z","to":"2030-01-01T11:00:10Z","case":"17/2030"})";

/// Asks for a clip and gives its id.
std::string askForClip(Gateway& gateway) {
    gateway.command("clip.request", kCaseOrder, test::kCorrelation);
    gateway.loop.runPosted();
    const auto replies = gateway.hub.rowsOf("reply");
    REQUIRE(replies.size() == 1);
    REQUIRE(replies[0]["ok"] == true);
    return replies[0]["result"]["clip"];
}

std::size_t openClips(Gateway& gateway) {
    std::size_t clips = 0;
    gateway.store->ask<std::vector<outbox::OpenClip>>(
        [](outbox::Outbox& outbox) { return outbox.openClips(); },
        [&](const Result<std::vector<outbox::OpenClip>>& found) { clips = found->size(); });
    gateway.loop.runPosted();
    return clips;
}

std::size_t auditsOf(Gateway& gateway, const std::string& outcome) {
    std::size_t found = 0;
    for (const auto& audit : gateway.hub.rowsOf("audit")) {
        if (audit["outcome"] == outcome) ++found;
    }
    return found;
}

}  // namespace

TEST_CASE("clips: a manifest of an hour goes in parts that the hub asks for, also after a reconnect",
          "[uplink]") {
    Gateway gateway;
    gateway.source.manifest_records = 3600;
    const std::string id = askForClip(gateway);
    const bool interrupted = GENERATE(false, true);
    if (interrupted) {
        gateway.setBroker(false);
        gateway.setBroker(true);
    }
    gateway.advance(30s);
    const auto& clip = gateway.hub.clips.at(id);
    CHECK(clip.verified);
    const auto manifest = evidence::parseManifest(clip.manifest);
    REQUIRE(manifest);
    CHECK(manifest->records.size() == 3600);
    // Parts of 44 KiB.
    CHECK(clip.plan["parts"] == (clip.manifest.size() + 31359) / 31360);  // half a second at 512 kbit/s
    CHECK(clip.plan["parts"] > 10);
    CHECK(auditsOf(gateway, "verified") == 1);
}

TEST_CASE("clips: a part that a manifest does not have is no receipt", "[uplink]") {
    Gateway gateway;
    const std::string id = askForClip(gateway);
    gateway.hub.say(
        "clip/" + id + "/receipt",
        R"({"v":1,"owner":"hub-1","missing":[],"complete":false,"verified":null,"manifest_part":1})");
    gateway.loop.runPosted();
    CHECK(gateway.up->figures().refused.at("malformed") == 1);
}

TEST_CASE("clips: manifest, chunks, hash, verified, forgotten", "[uplink]") {
    Gateway gateway;
    const std::string id = askForClip(gateway);
    gateway.advance(10s);
    const auto& clip = gateway.hub.clips.at(id);
    CHECK(clip.verified);
    CHECK((clip.bytes == gateway.source.bytesOf(id)));
    CHECK(clip.plan["correlation"] == "010203");
    CHECK(clip.plan["event"].is_null());
    CHECK(clip.plan["bytes"] == 100000);
    // 98 % of 512 kbit/s x 100 ms
    CHECK(clip.plan["chunk_bytes"] == 6272);
    CHECK(clip.complete["signature"] == nlohmann::json{{"cert", "c"}, {"sig", "s"}});
    CHECK(clip.chunk_bytes_received == 100000);
    CHECK(gateway.hub.chunks_of_wrong_size == 0);
    CHECK(openClips(gateway) == 0);
    CHECK(gateway.source.held.empty());
    CHECK(auditsOf(gateway, "verified") == 1);
    CHECK(gateway.up->figures().clips_verified == 1);
    // All was read once: 100000 bytes in one block of at most 256 KiB.
    CHECK(gateway.source.reads == 1);
    CHECK(gateway.bulk.wanted());
    gateway.advance(15s);
    CHECK_FALSE(gateway.bulk.wanted());
}

TEST_CASE("clips: the cap holds in every second", "[uplink]") {
    Gateway gateway;
    gateway.source.size_bytes = 600'000;
    const auto round_trip = GENERATE(50ms, 600ms);
    gateway.bulk.round_trip = round_trip;
    gateway.bulk.ack_delay = round_trip;
    std::vector<std::pair<BootTime, std::size_t>> sent;
    const auto deliver = gateway.bulk.deliver;
    gateway.bulk.deliver = [&](const uplink::HubMessage& message) {
        sent.emplace_back(gateway.clock.bootNow(), message.payload.size() + message.topic.size());
        deliver(message);
    };
    const std::string id = askForClip(gateway);
    const BootTime begin = gateway.clock.bootNow();
    while (!gateway.hub.clips.at(id).verified && gateway.clock.bootNow() - begin < 60s)
        gateway.advance(100ms);
    REQUIRE(gateway.hub.clips.at(id).verified);
    // 98 % of 512 kbit/s are 62720 bytes a second; one chunk of 6272 and its header more at the edges.
    for (std::size_t first = 0; first < sent.size(); ++first) {
        std::size_t bytes = 0;
        for (std::size_t i = first; i < sent.size() && sent[i].first - sent[first].first < 1s; ++i)
            bytes += sent[i].second;
        CHECK(bytes <= 62720 + 6700);
    }
    // 96 chunks that take 6772 bytes of the wire each need 10.4 s; the rest is manifest, receipts and way.
    CHECK(gateway.clock.bootNow() - begin < 11500ms);
    // cap x (600 ms + 500 ms) = 69000 bytes: at most ten chunks of 6420 and their headers in flight.
    CHECK(gateway.bulk.most_in_flight <= (round_trip == 50ms ? 2 : 10));
    CHECK(gateway.bulk.most_in_flight >= (round_trip == 50ms ? 1 : 6));
}

TEST_CASE("clips: events overtake chunks and count against the cap", "[uplink]") {
    Gateway gateway;
    gateway.source.size_bytes = 300'000;
    askForClip(gateway);
    gateway.advance(1s);
    gateway.event("e1", ReportPhase::Start);
    CHECK(gateway.hub.rowsOf("event/gate").size() == 1);
}

TEST_CASE("clips: lost chunks are asked for and sent again, and nothing else", "[uplink]") {
    Gateway gateway;
    gateway.hub.lose_chunks = 3;
    const std::string id = askForClip(gateway);
    gateway.advance(20s);
    CHECK(gateway.hub.clips.at(id).verified);
    CHECK(gateway.hub.clips.at(id).chunk_bytes_received == 100000);
    CHECK(gateway.up->figures().chunk_bytes_sent == 100000 + 3 * 6272 + 19 * 20);
    // One after the other, each with its header and topic.
    CHECK(gateway.up->figures().most_chunk_bytes_in_flight > 6272 + 20);
    CHECK(gateway.up->figures().most_chunk_bytes_in_flight < 6272 + 20 + 200);
}

TEST_CASE("clips: a wrong hash means all again, and for ever means failed", "[uplink]") {
    Gateway gateway;
    SECTION("once") {
        gateway.hub.spoil_hashes = 1;
        const std::string id = askForClip(gateway);
        gateway.advance(20s);
        CHECK(gateway.hub.clips.at(id).verified);
        CHECK(gateway.hub.clips.at(id).chunk_bytes_received == 200000);
    }
    SECTION("always") {
        gateway.hub.spoil_hashes = 1000;
        const std::string id = askForClip(gateway);
        gateway.advance(60s);
        CHECK(gateway.hub.clips.at(id).failed["error"]["reason"] == "hash-mismatch");
        CHECK(gateway.hub.clips.at(id).failed["correlation"] == "010203");
        CHECK(openClips(gateway) == 0);
        CHECK(gateway.source.held.empty());
        CHECK(auditsOf(gateway, "hash-mismatch") == 1);
    }
}

TEST_CASE("clips: the connection ends in the middle: only what is missing follows", "[uplink][fault]") {
    Gateway gateway;
    const std::string id = askForClip(gateway);
    gateway.advance(600ms);
    const auto before = gateway.hub.clips.at(id).chunk_bytes_received;
    REQUIRE(before > 20000);
    REQUIRE(before < 80000);
    gateway.setBroker(false);
    gateway.advance(1h);
    gateway.setBroker(true);
    gateway.advance(20s);
    CHECK(gateway.hub.clips.at(id).verified);
    // What was in flight at the end may have been received twice.
    CHECK(gateway.hub.clips.at(id).chunk_bytes_received <= 100000 + 2 * 6272);
}

TEST_CASE("clips: bulk alone ends at any publish and the clip still arrives", "[uplink][fault]") {
    for (std::size_t at = 1; at <= 16; at += 3) {
        Gateway gateway;
        gateway.bulk.disconnect_at = at;
        const std::string id = askForClip(gateway);
        gateway.advance(5s);
        gateway.bulk.setBroker(true);
        gateway.advance(20s);
        CHECK(gateway.hub.clips.at(id).verified);
    }
}

TEST_CASE("clips: a power cut in the middle: the plan is taken up and what is missing follows",
          "[uplink][fault]") {
    Gateway gateway;
    const std::string id = askForClip(gateway);
    gateway.advance(600ms);
    const auto before = gateway.hub.clips.at(id).chunk_bytes_received;
    REQUIRE(before > 20000);
    gateway.restart();
    CHECK(gateway.source.reopens == 1);
    CHECK(gateway.source.held.contains(id));
    gateway.advance(20s);
    CHECK(gateway.hub.clips.at(id).verified);
    CHECK(gateway.hub.clips.at(id).chunk_bytes_received <= 100000 + 2 * 6272);
    CHECK(gateway.hub.clips.at(id).plan["correlation"] == "010203");
    CHECK(openClips(gateway) == 0);
    CHECK(gateway.hub.rowsOf("reply").size() == 1);
}

TEST_CASE("clips: a power cut after the last word, before it is forgotten, ends well", "[uplink][fault]") {
    Gateway gateway;
    gateway.hub.lose_clip_receipts = 2;
    const std::string id = askForClip(gateway);
    gateway.advance(1ms);
    gateway.hub.sendClipReceipt(id);
    gateway.advance(5s);
    gateway.restart();
    gateway.advance(20s);
    CHECK(gateway.hub.clips.at(id).verified);
    CHECK(openClips(gateway) == 0);
    CHECK(gateway.hub.clips.at(id).chunk_bytes_received <= 100000 + 2 * 6272);
}

TEST_CASE("clips: a hub that lost its word about a clip is asked again", "[uplink][fault]") {
    Gateway gateway;
    gateway.hub.lose_clip_receipts = 2;
    const std::string id = askForClip(gateway);
    gateway.advance(3min);
    CHECK(gateway.hub.clips.at(id).verified);
}

TEST_CASE("clips: footage overwritten before it was sent ends the clip, and says so", "[uplink]") {
    Gateway gateway;
    SECTION("while it is being sent") {
        gateway.setBroker(false);
        gateway.setBroker(true);
        gateway.advance(1s);
        gateway.hub.lose_clip_receipts = 1;
        const std::string id = askForClip(gateway);
        gateway.source.gone = true;
        gateway.hub.sendClipReceipt(id);
        gateway.advance(5s);
        CHECK(gateway.hub.clips.at(id).failed["error"]["reason"] == "footage-gone");
    }
    SECTION("while the gateway was off") {
        gateway.hub.lose_clip_receipts = 1;
        const std::string id = askForClip(gateway);
        gateway.source.gone = true;
        gateway.restart();
        gateway.advance(5s);
        CHECK(gateway.hub.clips.at(id).failed["error"]["kind"] == "not-found");
    }
    CHECK(openClips(gateway) == 0);
    CHECK(auditsOf(gateway, "footage-gone") == 1);
    CHECK(gateway.up->figures().clips_failed == 1);
}

TEST_CASE("clips: a clip that its source forgot is opened again and goes on", "[uplink]") {
    Gateway gateway;
    gateway.source.size_bytes = 500'000;
    const std::string id = askForClip(gateway);
    gateway.advance(2s);
    gateway.source.held.clear();
    gateway.advance(20s);
    CHECK(gateway.hub.clips.at(id).verified);
    CHECK(gateway.source.reopens == 1);
    CHECK(gateway.hub.clips.at(id).chunk_bytes_received <= 500'000 + 2 * 6272);
}

TEST_CASE("clips: a hub that is silent about one clip does not keep the others waiting", "[uplink][fault]") {
    Gateway gateway;
    gateway.settings.clips = config::ClipPolicy::All;
    gateway.restart();
    gateway.hub.lose_clip_receipts = 10;
    const std::string silent = askForClip(gateway);
    gateway.event("e1", ReportPhase::End);
    gateway.advance(9min);
    CHECK(gateway.hub.clips.size() == 1);
    gateway.advance(3min);
    REQUIRE(gateway.hub.clips.size() == 2);
    for (const auto& [id, clip] : gateway.hub.clips) CHECK(clip.verified);
}

TEST_CASE("clips: a card that stalls delays a clip and does not lose it", "[uplink][fault]") {
    Gateway gateway;
    gateway.source.failing_reads = 8;
    const std::string id = askForClip(gateway);
    gateway.advance(3min);
    CHECK(gateway.hub.clips.at(id).verified);
}

TEST_CASE("clips: receipts that cannot be right are counted and change nothing", "[uplink]") {
    Gateway gateway;
    gateway.hub.lose_clip_receipts = 1;
    const std::string id = askForClip(gateway);
    const std::vector<std::string> malformed{
        R"({"v":1,"owner":"hub-1","missing":[[0,100001]],"complete":false,"verified":null})",
        R"({"v":1,"owner":"hub-1","missing":[[5,5]],"complete":false,"verified":null})",
        R"({"v":1,"owner":"hub-1","missing":[[9,5]],"complete":false,"verified":null})",
        R"({"v":1,"owner":"hub-1","missing":[[-1,5]],"complete":false,"verified":null})",
        R"({"v":1,"owner":"hub-1","missing":[[0,1e3]],"complete":false,"verified":null})",
        R"({"v":1,"owner":"hub-1","missing":[[0,1,2]],"complete":false,"verified":null})",
        R"({"v":1,"owner":"a/b","missing":[],"complete":false,"verified":null})",
        R"({"v":1,"owner":"+","missing":[],"complete":false,"verified":null})",
        R"({"v":1,"owner":"","missing":[],"complete":false,"verified":null})",
        R"({"v":1,"missing":[],"complete":false,"verified":null})",
        R"({"v":1,"owner":"hub-1","missing":{},"complete":false,"verified":null})",
        R"({"v":1,"owner":"hub-1","missing":[],"complete":"yes","verified":null})",
        R"({"v":1,"owner":"hub-1","missing":[],"complete":true,"verified":1})",
        std::string(70000, ' '),
    };
    for (const auto& text : malformed) gateway.hub.say("clip/" + id + "/receipt", text);
    gateway.loop.runPosted();
    CHECK(gateway.up->figures().refused.at("malformed") == malformed.size());
    CHECK(gateway.bulk.published == 0);
    gateway.hub.say("clip/" + std::string(64, 'f') + "/receipt",
                    R"({"v":1,"owner":"hub-1","missing":[[0,1]],"complete":false,"verified":null})");
    CHECK(gateway.up->figures().refused.at("unknown-clip") == 1);
    gateway.hub.sendClipReceipt(id);
    gateway.advance(10s);
    CHECK(gateway.hub.clips.at(id).verified);
}

TEST_CASE("clips: an event's preview follows its end by the household's choice", "[uplink]") {
    struct Case {
        config::ClipPolicy policy;
        bool alarm;
        bool sent;
    };
    for (const auto& each : {Case{config::ClipPolicy::None, true, false},
                             {config::ClipPolicy::Alarms, true, true},
                             {config::ClipPolicy::Alarms, false, false},
                             {config::ClipPolicy::All, false, true}}) {
        Gateway gateway;
        gateway.settings.clips = each.policy;
        gateway.restart();
        gateway.event("e1", ReportPhase::Start, each.alarm);
        gateway.event("e1", ReportPhase::End, each.alarm);
        gateway.advance(20s);
        REQUIRE(gateway.hub.clips.size() == (each.sent ? 1 : 0));
        if (!each.sent) continue;
        CHECK(gateway.hub.clips.begin()->second.verified);
        CHECK(gateway.hub.clips.begin()->second.plan["event"] == "e1");
    }
}

TEST_CASE("clips: a wanted clip survives a power cut before it was planned", "[uplink][fault]") {
    Gateway gateway;
    gateway.settings.clips = config::ClipPolicy::All;
    gateway.restart();
    gateway.event("e1", ReportPhase::End);
    gateway.restart();
    gateway.advance(20s);
    REQUIRE(gateway.hub.clips.size() == 1);
    CHECK(gateway.hub.clips.begin()->second.verified);
}

TEST_CASE("clips: an event without footage is recorded as such", "[uplink]") {
    Gateway gateway;
    gateway.settings.clips = config::ClipPolicy::All;
    gateway.restart();
    gateway.source.plan_error = Error{ErrorKind::NotFound, 0, "nothing recorded"};
    gateway.event("e1", ReportPhase::End);
    gateway.advance(20s);
    CHECK(auditsOf(gateway, "no-footage") == 1);
    gateway.advance(5min);
    CHECK(gateway.source.plans == 1);
}

TEST_CASE("clips: open clips are bounded: the oldest event's clip is given up", "[uplink]") {
    Gateway gateway;
    gateway.settings.clips = config::ClipPolicy::All;
    gateway.restart();
    gateway.setBroker(false);
    for (int i = 0; i < 20; ++i) {
        gateway.event("e" + std::to_string(i), ReportPhase::End);
        gateway.advance(10s);
    }
    CHECK(openClips(gateway) == uplink::ClipQueue::kMostOpen);
    CHECK(gateway.source.held.size() == uplink::ClipQueue::kMostOpen);
    gateway.setBroker(true);
    gateway.advance(5min);
    CHECK(openClips(gateway) == 0);
    CHECK(auditsOf(gateway, "given-up") == 8);
    CHECK(auditsOf(gateway, "verified") == 12);
}

TEST_CASE("clips: what somebody asked for goes before event clips", "[uplink]") {
    Gateway gateway;
    gateway.settings.clips = config::ClipPolicy::All;
    gateway.restart();
    gateway.setBroker(false);
    for (int i = 0; i < 3; ++i) {
        gateway.event("e" + std::to_string(i), ReportPhase::End);
        gateway.advance(10s);
    }
    gateway.setBroker(true);
    gateway.loop.runPosted();
    const std::string id = askForClip(gateway);
    // The event clip under way needs 1.7 s, then the one asked for as long; the other two wait.
    gateway.advance(3700ms);
    CHECK(gateway.hub.clips.at(id).verified);
    CHECK(gateway.up->figures().open_clips == 2);
}
