// The reference hub over a real broker, with a gateway played through a real link worker.
#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include "support/base/temp_directory.hpp"
#include "support/link/link_harness.hpp"
#include "support/link/mosquitto.hpp"
#include "support/places/places.hpp"
#include "support/tools/clip_fixture.hpp"
#include "tools/hub/database.hpp"

using namespace camgate;
using namespace camgate::test;
using nlohmann::json;

namespace {

class HubProcess {
  public:
    explicit HubProcess(std::vector<std::string> words) {
        words.insert(words.begin(), places::programFolder() + "/camgate-hub");
        std::vector<char*> arguments;
        for (std::string& word : words) arguments.push_back(word.data());
        arguments.push_back(nullptr);
        const pid_t parent = ::getpid();
        pid_ = ::fork();
        if (pid_ == 0) {
            ::prctl(PR_SET_PDEATHSIG, SIGKILL);
            if (::getppid() == parent) ::execv(arguments[0], arguments.data());
            ::_exit(127);
        }
    }
    HubProcess(const HubProcess&) = delete;
    HubProcess& operator=(const HubProcess&) = delete;
    ~HubProcess() { end(SIGKILL); }
    /// The exit status; -1 if a signal ended it.
    int end(int signal) {
        if (pid_ <= 0) return -1;
        if (signal != 0) ::kill(pid_, signal);
        int status = 0;
        ::waitpid(pid_, &status, 0);
        pid_ = 0;
        return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
    }

  private:
    pid_t pid_ = 0;
};

struct Bench {
    Bench()
        : loop(std::move(*EpollLoop::open(clock))),
          pki(scratch, "ca"),
          broker(scratch, pki, pki.server()),
          gateway(*loop, places::programFolder()),
          hub_identity(pki.client("hub")),
          signer(pki.issue("signer",
                           "keyUsage=critical,digitalSignature\n"
                           "extendedKeyUsage=2.25.44254404398301313505594824726653034204.1\n")) {
        ipc::LinkSettings settings;
        settings.host = "localhost";
        settings.port = broker.port();
        settings.ca_pem = pki.caPem();
        const TestIdentity transport = pki.client("cg-1");
        settings.certificate_pem = transport.certificatePem();
        settings.key_pem = transport.keyPem();
        settings.client_id = "cg-1";
        settings.clean_start = true;
        settings.session_expiry_s = 0;
        settings.subscriptions = {topic("receipt"), topic("clip/+/receipt"), topic("command/+")};
        gateway.settings(settings);
        REQUIRE(gateway.untilState(ipc::LinkState::Up));
    }
    static std::string topic(const std::string& suffix) { return "camgate/v1/cg-1/" + suffix; }

    std::vector<std::string> words(const std::string& verb) const {
        return {verb,
                "--broker",
                "localhost:" + std::to_string(broker.port()),
                "--ca",
                pki.caPath(),
                "--cert",
                hub_identity.certificate_path,
                "--key",
                hub_identity.key_path};
    }
    HubProcess serve() const {
        std::vector<std::string> all = words("serve");
        for (const char* word : {"--quiet", "--evidence-ca"}) all.emplace_back(word);
        all.emplace_back(places::goldenFolder() + "/crypto/ca.pem");
        all.emplace_back("--out");
        all.emplace_back(out());
        return HubProcess(all);
    }
    std::string out() const { return scratch.file("hub"); }
    void publish(const std::string& suffix, const json& message, bool retain = false) {
        const std::string text = message.dump();
        gateway.publish(++last_id, topic(suffix), Bytes(text.begin(), text.end()), retain);
    }
    /// Sends the row until the hub has it, as an outbox does.
    bool settle(const std::string& suffix, const json& message) {
        for (int tries = 0; tries < 20; ++tries) {
            publish(suffix, message);
            if (gateway.runUntil([&] { return receipted(message["id"]); }, std::chrono::seconds(1)))
                return true;
        }
        return false;
    }
    bool receipted(const std::string& id) const {
        for (const auto& arrived : gateway.arrived) {
            if (!arrived.topic.ends_with("cg-1/receipt")) continue;
            const json ids = json::parse(asText(arrived.payload))["ids"];
            if (std::find(ids.begin(), ids.end(), id) != ids.end()) return true;
        }
        return false;
    }
    json lastClipReceipt() const {
        json last;
        for (const auto& arrived : gateway.arrived) {
            if (arrived.topic.find("/clip/") != std::string::npos)
                last = json::parse(asText(arrived.payload));
        }
        return last;
    }
    void sendChunks(const TestClip& clip, std::size_t from) {
        for (std::size_t at = from; at < clip.bytes.size(); at += 4096) {
            gateway.publish(++last_id, topic("clip/" + clip.id() + "/chunk/hub-1"), clip.chunk(at, 4096));
        }
    }

    SystemClock clock;
    std::unique_ptr<EpollLoop> loop;
    TempDirectory scratch;
    TestPki pki;
    Mosquitto broker;
    LinkHarness gateway;
    TestIdentity hub_identity, signer;
    std::uint64_t last_id = 0;
};

json event(const std::string& id, const std::string& phase) {
    return {{"v", 1},
            {"id", id},
            {"event", "e1"},
            {"phase", phase},
            {"camera", "gate"},
            {"kind", "motion"},
            {"start", "2030-01-01T12:00:00.000Z"}};
}

std::size_t eventsIn(const std::string& folder) {
    return hub::HubDatabase::open(folder + "/hub.db").value()->documents(hub::RowKind::Event).value().size();
}

}  // namespace

TEST_CASE("hub: events and a clip arrive once, over a hub that is killed on the way", "[integration][hub]") {
    Bench bench;
    const TestClip clip;
    const std::string manifest = "clip/" + clip.id() + "/manifest";
    {
        const HubProcess hub = bench.serve();
        REQUIRE(bench.settle("event/gate", event("a1", "start")));
        REQUIRE(bench.settle(manifest, clip.plan()));
        REQUIRE(bench.gateway.runUntil([&] { return !bench.lastClipReceipt().is_null(); }));
        CHECK(bench.lastClipReceipt()["missing"] == json{{0, clip.bytes.size()}});
    }  // killed
    HubProcess hub = bench.serve();
    bench.publish("event/gate", event("a1", "start"));
    REQUIRE(bench.settle("event/gate", event("a2", "end")));
    CHECK(eventsIn(bench.out()) == 2);

    bench.sendChunks(clip, 4096);
    REQUIRE(bench.settle(manifest, clip.complete()));
    REQUIRE(bench.gateway.runUntil([&] { return bench.lastClipReceipt()["missing"] == json{{0, 4096}}; }));
    bench.publish("telemetry", {{"v", 1}});
    bench.gateway.publish(++bench.last_id, Bench::topic("clip/" + clip.id() + "/chunk/hub-1"),
                          clip.chunk(0, 4096));
    REQUIRE(bench.gateway.runUntil([&] { return bench.lastClipReceipt()["complete"] == true; }));
    CHECK(bench.lastClipReceipt()["verified"] == true);
    const json verdict = json::parse(readWhole(bench.out() + "/clips/" + clip.id() + ".json"));
    CHECK(verdict["verified"] == true);
    CHECK(verdict["signature"]["state"] == "good");
    CHECK(hub.end(SIGTERM) == 0);
    CHECK(HubProcess({"gallery", bench.out()}).end(0) == 0);
    CHECK_THAT(readWhole(bench.out() + "/index.html"), Catch::Matchers::Contains(clip.id() + ".mp4"));
}

TEST_CASE("hub: a command is repeated until the gateway answers, under the same counter",
          "[integration][hub]") {
    Bench bench;
    std::vector<std::string> words = bench.words("snapshot");
    const std::string picture = bench.scratch.file("now.jpg");
    for (const std::string& word :
         {std::string("--gateway"), std::string("cg-1"), std::string("--camera"), std::string("gate"),
          std::string("--signer-cert"), bench.signer.certificate_path, std::string("--signer-key"),
          bench.signer.key_path, std::string("--out"), picture}) {
        words.push_back(word);
    }
    const auto commands = [&] {
        std::vector<ipc::MqttMessage> found;
        for (const auto& arrived : bench.gateway.arrived) {
            if (arrived.topic == Bench::topic("command/snapshot.request")) found.push_back(arrived);
        }
        return found;
    };
    HubProcess hub(words);
    REQUIRE(bench.gateway.runUntil([&] { return commands().size() == 2; }));
    const auto asked = commands();
    CHECK(asked[0].payload == asked[1].payload);
    CHECK(asked[0].correlation == asked[1].correlation);
    CHECK(asked[0].response_topic == Bench::topic("reply"));
    const json envelope = json::parse(asText(asked[0].payload));
    CHECK(envelope["gateway"] == "cg-1");
    json reply{{"v", 1}, {"id", "r1"}, {"command", "snapshot.request"}, {"correlation", "00"}, {"ok", false}};
    bench.publish("reply", reply);  // somebody else's
    reply["correlation"] = toHex(asked[0].correlation);
    reply["ok"] = true;
    reply["result"] = {{"at", "2030-01-01T12:00:00.000Z"}, {"jpeg", toBase64(Bytes{0xFF, 0xD8, 1})}};
    bench.publish("reply", reply);
    REQUIRE(bench.gateway.runUntil([&] { return std::filesystem::exists(picture); }));
    CHECK(hub.end(0) == 0);
    CHECK(readWhole(picture) == "\xff\xd8\x01");
    CHECK(std::filesystem::exists(bench.signer.key_path + ".counter"));
}

TEST_CASE("hub: status shows what the broker keeps, and a wrong broker is an error", "[integration][hub]") {
    Bench bench;
    CHECK(HubProcess(bench.words("status")).end(0) == 1);  // nothing there
    bench.publish("status", {{"v", 1}, {"online", true}, {"session", "s1"}}, true);
    REQUIRE(bench.gateway.runUntil([&] { return bench.gateway.published.size() == 1; }));
    CHECK(HubProcess(bench.words("status")).end(0) == 0);
    bench.broker.kill();
    CHECK(HubProcess(bench.words("status")).end(0) == 1);
}
