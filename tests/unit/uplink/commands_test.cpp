// Commands: who may, what is answered, what is recorded, and what strangers cannot do.
#include <catch2/catch.hpp>

#include "evidence/sealed_secret.hpp"
#include "support/uplink/gateway.hpp"

using namespace camgate;
using namespace std::chrono_literals;
using test::Gateway;
using test::lastReply;
using test::reasonOf;
using Json = nlohmann::json;

namespace {

const std::string kOfficerOrder =
    R"({"camera":"gate","from":"2030-01-01T11:00:00Z","to":"2030-01-01T11:00:10Z","case":"17","officer":"An","purpose":"theft"})";

}  // namespace

TEST_CASE("commands: a clip request is answered, recorded and carries its correlation", "[uplink]") {
    Gateway gateway;
    gateway.command("clip.request", kOfficerOrder, {0xAB});
    const Json reply = lastReply(gateway);
    CHECK(reply["ok"] == true);
    CHECK(reply["command"] == "clip.request");
    CHECK(reply["correlation"] == "ab");
    CHECK(reply["result"]["bytes"] == 100000);
    CHECK(reply["result"]["covered"]["from"] == "1970-01-01T00:16:40.000Z");
    CHECK(reply["result"]["gaps"].is_array());
    const auto audits = gateway.hub.rowsOf("audit");
    REQUIRE(audits.size() == 1);
    CHECK(audits[0]["actor"] == test::goldenCertificate("hub-command").fingerprint());
    CHECK(audits[0]["outcome"] == "done");
    CHECK(audits[0]["detail"]["officer"] == "An");
    CHECK(audits[0]["detail"]["signer"] == "hub-1");
    CHECK(audits[0]["detail"]["clip"] == reply["result"]["clip"]);
}

TEST_CASE("commands: nothing is said or sent before the record of it is durable", "[uplink]") {
    Gateway gateway;
    const std::string envelope = gateway.envelope("clip.request", kOfficerOrder);
    gateway.stalled = true;
    gateway.hub.command("clip.request", envelope, {1});
    gateway.loop.runPosted();
    // The envelope is opened and the clip planned; the record waits for the card.
    gateway.runJobs();
    CHECK(gateway.source.plans == 1);
    CHECK(gateway.hub.saidOn("reply").empty());
    CHECK(gateway.hub.clips.empty());
    gateway.unstall();
    gateway.advance(1s);
    CHECK(lastReply(gateway)["ok"] == true);
    CHECK(gateway.hub.clips.size() == 1);
}

TEST_CASE("commands: snapshot and status", "[uplink]") {
    Gateway gateway;
    gateway.command("snapshot.request", R"({"camera":"gate"})", {1});
    CHECK(lastReply(gateway)["result"]["jpeg"] == "/9j/");
    gateway.command("status.request", "{}", {2});
    CHECK(lastReply(gateway)["result"]["cameras"][0]["id"] == "gate");
    CHECK(lastReply(gateway)["result"]["online"] == true);
    CHECK(gateway.hub.rowsOf("audit").size() == 2);
}

TEST_CASE("commands: a repeat is answered from memory, also after a restart, and done once", "[uplink]") {
    Gateway gateway;
    const std::string envelope = gateway.envelope("clip.request", kOfficerOrder);
    gateway.hub.command("clip.request", envelope, {1});
    gateway.loop.runPosted();
    const Json first = lastReply(gateway);
    gateway.hub.command("clip.request", envelope, {1});
    gateway.loop.runPosted();
    gateway.restart();
    gateway.hub.command("clip.request", envelope, {1});
    gateway.loop.runPosted();
    const auto replies = gateway.hub.rowsOf("reply");
    REQUIRE(replies.size() == 3);
    for (const auto& reply : replies) CHECK(reply["result"] == first["result"]);
    CHECK(gateway.source.plans == 1);
    CHECK(gateway.hub.rowsOf("audit").size() >= 1);
    // The same envelope under another correlation is old.
    gateway.hub.command("clip.request", envelope, {9});
    gateway.loop.runPosted();
    CHECK(reasonOf(lastReply(gateway)) == "old-counter");
}

TEST_CASE("commands: a repeat while it is being done is left alone", "[uplink]") {
    Gateway gateway;
    gateway.household.snapshot_answers = false;
    gateway.command("snapshot.request", R"({"camera":"gate"})", {1});
    gateway.command("snapshot.request", R"({"camera":"gate"})", {1});
    CHECK(gateway.hub.saidOn("reply").empty());
    gateway.advance(31s);
    CHECK(gateway.hub.saidOn("reply").size() == 1);
    CHECK(reasonOf(lastReply(gateway)) == "busy");
    // A refusal that passes is not kept: the next repeat is tried.
    gateway.household.snapshot_answers = true;
    gateway.command("snapshot.request", R"({"camera":"gate"})", {1});
    CHECK(lastReply(gateway)["ok"] == true);
}

TEST_CASE("commands: each refusal has its reason, is counted and answered", "[uplink]") {
    Gateway gateway;
    struct Case {
        std::string command, payload, reason;
    };
    const std::vector<Case> cases{
        {"clip.request", "not json", "malformed"},
        {"clip.request", R"({"camera":"gate"})", "malformed"},
        {"clip.request", R"({"camera":7,"from":"2030-01-01T11:00:00Z","to":"2030-01-01T11:00:10Z"})",
         "malformed"},
        {"clip.request", R"({"camera":"none","from":"2030-01-01T11:00:00Z","to":"2030-01-01T11:00:10Z"})",
         "unknown-camera"},
        {"clip.request", R"({"camera":"gate","from":"2030-01-01T11:00:00Z","to":"2030-01-01T11:00:00Z"})",
         "bad-range"},
        {"clip.request", R"({"camera":"gate","from":"2030-01-01T11:00:00Z","to":"2030-01-03T11:00:00Z"})",
         "bad-range"},
        {"snapshot.request", R"({"camera":"none"})", "unknown-camera"},
        {"snapshot.request", "[]", "malformed"},
        {"status.request", "\"x\"", "malformed"},
        {"reboot.now", "{}", "unknown-command"},
    };
    std::uint8_t correlation = 0;
    for (const auto& each : cases) {
        gateway.command(each.command, each.payload, {++correlation});
        CHECK(reasonOf(lastReply(gateway)) == each.reason);
        CHECK(lastReply(gateway)["command"] == each.command);
    }
    CHECK(gateway.hub.rowsOf("audit").size() == cases.size());
    CHECK(gateway.up->figures().refused.at("malformed") == 5);
}

TEST_CASE("commands: what the footage refuses is said", "[uplink]") {
    Gateway gateway;
    gateway.source.plan_error = Error{ErrorKind::NotFound, 0, "recorded is 10:00 to 10:30"};
    gateway.command("clip.request", kOfficerOrder, {1});
    CHECK(reasonOf(lastReply(gateway)) == "no-footage");
    CHECK(lastReply(gateway)["error"]["message"] == "recorded is 10:00 to 10:30");
    gateway.source.plan_error.reset();
    gateway.source.manifest_records = 25'000;  // about 190 bytes each: more than 4 MiB
    gateway.command("clip.request", kOfficerOrder, {2});
    CHECK(reasonOf(lastReply(gateway)) == "bad-range");
    CHECK(gateway.source.held.empty());
}

TEST_CASE("commands: strangers get the reason alone and write nothing to the card", "[uplink][fault]") {
    Gateway gateway;
    auto document = Json::parse(gateway.envelope("status.request", "{}"));
    document["payload"] = "e30K";  // not what was signed
    gateway.hub.command("status.request", document.dump(), {1});
    gateway.loop.runPosted();
    CHECK(reasonOf(lastReply(gateway)) == "bad-signature");
    CHECK_FALSE(lastReply(gateway)["error"].contains("message"));
    gateway.hub.command("status.request", "garbage", {2});
    gateway.loop.runPosted();
    CHECK(reasonOf(lastReply(gateway)) == "malformed");
    gateway.hub.command("status.request", std::string(200000, 'x'), {3});
    gateway.loop.runPosted();
    CHECK(reasonOf(lastReply(gateway)) == "malformed");
    CHECK(gateway.hub.rowsOf("audit").empty());
    // Without or with too much correlation data there is nothing to answer to.
    const std::size_t replies = gateway.hub.saidOn("reply").size();
    gateway.hub.command("status.request", "garbage", {});
    gateway.hub.command("status.request", "garbage", Bytes(65, 1));
    gateway.loop.runPosted();
    CHECK(gateway.hub.saidOn("reply").size() == replies);
    CHECK(gateway.up->figures().refused.at("malformed") == 4);
}

TEST_CASE("commands: a flood of bad commands is answered at a bounded rate", "[uplink][fault]") {
    Gateway gateway;
    for (int i = 0; i < 500; ++i) {
        gateway.hub.command("status.request", "garbage",
                            {1, static_cast<std::uint8_t>(i), static_cast<std::uint8_t>(i >> 8)});
        gateway.loop.runPosted();
    }
    CHECK(gateway.hub.saidOn("reply").size() == 20);
    CHECK(gateway.up->figures().refused.at("malformed") == 500);
    gateway.event("e1", uplink::ReportPhase::Start);
    CHECK(gateway.hub.rowsOf("event/gate").size() == 1);
}

TEST_CASE("commands: more at once than can be served are refused as busy", "[uplink]") {
    Gateway gateway;
    gateway.household.snapshot_answers = false;
    for (std::uint8_t i = 0; i < 9; ++i) gateway.command("snapshot.request", R"({"camera":"gate"})", {i, 1});
    CHECK(gateway.hub.saidOn("reply").size() == 1);
    CHECK(reasonOf(lastReply(gateway)) == "busy");
}

TEST_CASE("commands: expired, and a gateway without the time", "[uplink]") {
    Gateway gateway;
    const std::string envelope = gateway.envelope("status.request", "{}");
    gateway.clock.setWall({gateway.now(), WallQuality::Unsynced, 0ms});
    gateway.hub.command("status.request", envelope, {1});
    gateway.loop.runPosted();
    CHECK(reasonOf(lastReply(gateway)) == "time-unsynced");
    gateway.clock.setWall({gateway.now() + 1h, WallQuality::Ntp, 0ms});
    gateway.hub.command("status.request", envelope, {2});
    gateway.loop.runPosted();
    CHECK(reasonOf(lastReply(gateway)) == "expired");
    // Refusals are not kept: in time again, the same envelope is good.
    gateway.clock.setWall({gateway.now() - 1h, WallQuality::Ntp, 0ms});
    gateway.hub.command("status.request", envelope, {1});
    gateway.loop.runPosted();
    CHECK(lastReply(gateway)["ok"] == true);
}

TEST_CASE("commands: an outbox that cannot be written refuses, and nothing leaves", "[uplink][fault]") {
    Gateway gateway;
    const std::string envelope = gateway.envelope("clip.request", kOfficerOrder);
    gateway.full = true;
    gateway.hub.command("clip.request", envelope, {1});
    gateway.loop.runPosted();
    CHECK(reasonOf(lastReply(gateway)) == "storage");
    gateway.full = false;
    gateway.hub.command("clip.request", envelope, {1});
    gateway.loop.runPosted();
    CHECK(lastReply(gateway)["ok"] == true);
}

TEST_CASE("commands: a secret is handed on sealed; reply and record have its name alone",
          "[uplink][secret]") {
    Gateway gateway;
    const auto key = crypto::AgreementKey::generate().value();
    const auto sealed = evidence::sealSecret({key.publicPoint(), std::string(64, 'a')}, "cg-1",
                                             "cameras/gate/password", "pw-9")
                            .value();
    const Json order{
        {"name", "cameras/gate/password"},
        {"sealed",
         {{"to", sealed.to}, {"ephemeral", toBase64(sealed.ephemeral)}, {"bytes", toBase64(sealed.bytes)}}}};
    gateway.command("secret.set", order.dump(), {1});
    CHECK(lastReply(gateway)["ok"] == true);
    REQUIRE(gateway.safe.taken.size() == 1);
    const auto& taken = gateway.safe.taken[0];
    CHECK(evidence::openSecret(key, "cg-1", taken.name, taken.sealed).value() == "pw-9");
    const auto audits = gateway.hub.rowsOf("audit");
    REQUIRE(audits.size() == 1);
    CHECK(audits[0]["action"] == "secret.set");
    CHECK(audits[0]["detail"] == Json{{"name", "cameras/gate/password"}, {"signer", "hub-1"}});

    struct Row {
        ErrorKind kind;
        std::string reason;
    };
    std::uint8_t correlation = 2;
    for (const auto& [kind, reason] :
         {Row{ErrorKind::NotFound, "unknown-secret"}, Row{ErrorKind::PermissionDenied, "not-permitted"},
          Row{ErrorKind::Corruption, "bad-seal"}, Row{ErrorKind::FailedPrecondition, "busy"},
          Row{ErrorKind::Unavailable, "storage"}}) {
        gateway.safe.answer = fail(kind, "why");
        gateway.command("secret.set", order.dump(), {correlation++});
        CHECK(reasonOf(lastReply(gateway)) == reason);
    }
    const auto before = gateway.safe.taken.size();
    for (const char* wrong :
         {"{}", R"({"name":"a"})", R"({"name":"a","sealed":{}})",
          R"({"name":"a","value":"pw","sealed":{"to":"aa","ephemeral":"x","bytes":"y"}})"}) {
        gateway.command("secret.set", wrong, {correlation++});
        CHECK(reasonOf(lastReply(gateway)) == "malformed");
    }
    CHECK(gateway.safe.taken.size() == before);
}
