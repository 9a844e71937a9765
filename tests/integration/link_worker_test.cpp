#include <catch2/catch.hpp>

#include "support/base/temp_directory.hpp"
#include "support/link/link_harness.hpp"
#include "support/link/mosquitto.hpp"
#include "support/places/places.hpp"

using namespace camgate;
using namespace camgate::test;
using ipc::LinkState;

namespace {

struct Bench {
    explicit Bench(const std::string& broker_lines = "")
        : loop(std::move(*EpollLoop::open(clock))),
          pki(scratch, "ca"),
          broker(scratch, pki, pki.server(), broker_lines),
          gateway(pki.client("box-1")) {}

    ipc::LinkSettings settings(const std::string& client_id) const {
        ipc::LinkSettings out;
        out.host = "localhost";
        out.port = broker.port();
        out.ca_pem = pki.caPem();
        out.certificate_pem = gateway.certificatePem();
        out.key_pem = gateway.keyPem();
        out.client_id = client_id;
        out.clean_start = true;
        out.session_expiry_s = 0;
        return out;
    }
    SystemClock clock;
    std::unique_ptr<EpollLoop> loop;
    TempDirectory scratch;
    TestPki pki;
    Mosquitto broker;
    TestIdentity gateway;
};

}  // namespace

TEST_CASE("link: over mutual TLS a publish is acknowledged and comes back to a subscriber",
          "[integration][link]") {
    Bench bench;
    LinkHarness link(*bench.loop, places::programFolder());
    ipc::LinkSettings settings = bench.settings("box-1");
    settings.subscriptions = {"t/+", "u"};
    link.settings(settings);
    REQUIRE(link.untilState(LinkState::Up));
    // mosquitto's Receive Maximum is 20, so what was asked for (16) holds.
    CHECK(link.last().window == 16);
    CHECK_FALSE(link.last().session_present);

    ipc::PublishRequest request;
    request.id = 7;
    request.expiry_s = 60;
    request.message = {"t/one", {1, 2, 0, 255}, "application/json", "t/answer", {9, 0, 8}, false};
    link.publish(request);
    REQUIRE(link.runUntil([&] { return link.published.size() == 1 && link.arrived.size() == 1; }));
    CHECK(link.published[0].id == 7);
    CHECK(link.published[0].reason_code < 0x80);
    CHECK(link.arrived[0] == request.message);
    REQUIRE(link.runUntil([&] { return link.last().round_trip_ms > 0; }));
    link.disconnect();
    REQUIRE(link.untilEnded());
    CHECK_FALSE(link.malformed);
}

TEST_CASE("link: a pace said before or after the connection is up is kept by the kernel",
          "[integration][link]") {
    Bench bench;
    LinkHarness link(*bench.loop, places::programFolder());
    link.settings(bench.settings("box-1"));
    SECTION("before") {
        link.pace(100'000);
        REQUIRE(link.untilState(LinkState::Up));
    }
    SECTION("after") {
        REQUIRE(link.untilState(LinkState::Up));
        CHECK_FALSE(link.last().paced);
        link.pace(100'000);
    }
    CHECK(link.runUntil([&] { return link.last().paced; }));
}

TEST_CASE("link: a pace of nothing ends the worker", "[integration][link]") {
    Bench bench;
    LinkHarness link(*bench.loop, places::programFolder());
    link.pace(0);
    CHECK(link.untilEnded());
}

TEST_CASE("link: what goes over the window is answered at once and the rest arrives", "[integration][link]") {
    Bench bench("max_inflight_messages 5\n");
    LinkHarness link(*bench.loop, places::programFolder());
    link.settings(bench.settings("box-1"));
    REQUIRE(link.untilState(LinkState::Up));
    CHECK(link.last().window == 4);  // strictly below the broker's 5
    bench.broker.freeze();           // so that no acknowledgement makes room on the way
    for (std::uint64_t id = 1; id <= 6; ++id) link.publish(id, "t", Bytes(60'000, 1));
    REQUIRE(link.runUntil([&] { return link.published.size() == 2; }));
    CHECK(link.published[0].id == 5);
    CHECK(link.published[0].reason_code == 0x97);
    CHECK(link.published[1].id == 6);
    bench.broker.thaw();
    REQUIRE(link.runUntil([&] { return link.published.size() == 6; }));
}

TEST_CASE("link: a session that was kept is said to be present and brings what came meanwhile",
          "[integration][link]") {
    Bench bench;
    ipc::LinkSettings kept = bench.settings("box-1");
    kept.clean_start = false;
    kept.session_expiry_s = 300;
    kept.subscriptions = {"command/#"};
    LinkHarness hub(*bench.loop, places::programFolder());
    hub.settings(bench.settings("hub"));
    REQUIRE(hub.untilState(LinkState::Up));
    {
        LinkHarness first(*bench.loop, places::programFolder());
        first.settings(kept);
        REQUIRE(first.untilState(LinkState::Up));
        first.disconnect();
        REQUIRE(first.untilEnded());
    }
    hub.publish(1, "command/x", {42});
    REQUIRE(hub.runUntil([&] { return hub.published.size() == 1; }));
    LinkHarness second(*bench.loop, places::programFolder());
    second.settings(kept);
    REQUIRE(second.untilState(LinkState::Up));
    INFO(bench.broker.log());
    CHECK(second.last().session_present);
    REQUIRE(second.runUntil([&] { return second.arrived.size() == 1; }));
    CHECK(second.arrived[0].payload == Bytes{42});
}

TEST_CASE("link: a message over 64 KiB is dropped and counted", "[integration][link]") {
    Bench bench;
    LinkHarness link(*bench.loop, places::programFolder());
    ipc::LinkSettings settings = bench.settings("box-1");
    settings.subscriptions = {"t"};
    link.settings(settings);
    REQUIRE(link.untilState(LinkState::Up));
    link.publish(1, "t", Bytes(65'537, 1));
    link.publish(2, "t", Bytes(65'536, 2));
    REQUIRE(link.runUntil([&] { return link.arrived.size() == 1; }));
    CHECK(link.arrived[0].payload.size() == 65'536);
    REQUIRE(link.runUntil(
        [&] { return link.last().detail.find("1 incoming messages dropped") != std::string::npos; }));
}

TEST_CASE("link: what is wrong with certificates and names is said", "[integration][link]") {
    Bench bench;
    ipc::LinkSettings settings = bench.settings("box-1");
    std::string expected;
    SECTION("a broker under another CA") {
        settings.ca_pem = TestPki(bench.scratch, "other").caPem();
        expected = "the broker's certificate is not under the configured CA";
    }
    SECTION("a broker with another name") {
        settings.host = "127.1";  // the same address, but no name in the certificate
        expected = "the broker's certificate is for another name";
    }
    SECTION("an expired gateway certificate") {
        const TestIdentity expired = bench.pki.client("box-1", true);
        settings.certificate_pem = expired.certificatePem();
        settings.key_pem = expired.keyPem();
        expected = "(this gateway's certificate has expired by this clock)";
    }
    SECTION("a gateway certificate under another CA") {
        const TestIdentity foreign = TestPki(bench.scratch, "other").client("box-1");
        settings.certificate_pem = foreign.certificatePem();
        settings.key_pem = foreign.keyPem();
        expected = "this gateway's certificate";  // why it hung up is told only if it told
    }
    SECTION("a key of another certificate") {
        settings.key_pem = bench.pki.client("box-2").keyPem();
        expected = "this gateway's key does not belong to its certificate";
    }
    SECTION("a broken CA certificate") {
        settings.ca_pem = "no certificate";
        expected = "the CA certificate cannot be read";
    }
    SECTION("a server name that is not the host") {
        settings.server_name = "broker.example";
        expected = "is not supported";
    }
    LinkHarness link(*bench.loop, places::programFolder());
    link.settings(settings);
    REQUIRE(link.untilEnded());
    REQUIRE_FALSE(link.reports.empty());
    CHECK(ipc::toString(link.last().state) == "tls-failed");
    CHECK_THAT(link.last().detail, Catch::Matchers::Contains(expected));
}

TEST_CASE("link: a broker whose own certificate has expired is not trusted", "[integration][link]") {
    Bench bench;
    const TestIdentity expired =
        bench.pki.issue("broker", "subjectAltName=DNS:localhost\nextendedKeyUsage=serverAuth\n", true);
    Mosquitto broker(bench.scratch, bench.pki, expired);
    ipc::LinkSettings settings = bench.settings("box-1");
    settings.port = broker.port();
    LinkHarness link(*bench.loop, places::programFolder());
    link.settings(settings);
    REQUIRE(link.untilEnded());
    CHECK(ipc::toString(link.last().state) == "tls-failed");
    CHECK_THAT(link.last().detail, Catch::Matchers::Contains("expired"));
}

TEST_CASE("link: a port where nobody listens and a name that does not resolve are unreachable",
          "[integration][link]") {
    Bench bench;
    ipc::LinkSettings settings = bench.settings("box-1");
    std::string expected;
    SECTION("port") {
        settings.port = freePort();
        expected = "connection refused";
    }
    SECTION("name") {
        settings.host = "no-such-host.invalid";
        expected = "does not resolve";
    }
    LinkHarness link(*bench.loop, places::programFolder());
    link.settings(settings);
    REQUIRE(link.untilEnded());
    CHECK(ipc::toString(link.last().state) == "unreachable");
    CHECK_THAT(link.last().detail, Catch::Matchers::Contains(expected));
}

TEST_CASE("link: a broker that dies is a lost connection", "[integration][link]") {
    Bench bench;
    LinkHarness link(*bench.loop, places::programFolder());
    link.settings(bench.settings("box-1"));
    REQUIRE(link.untilState(LinkState::Up));
    bench.broker.kill();
    REQUIRE(link.untilEnded());
    CHECK(ipc::toString(link.last().state) == "lost");
}

TEST_CASE("link: a broker that stops acknowledging is noticed within the deadline", "[integration][link]") {
    Bench bench;
    LinkHarness link(*bench.loop, places::programFolder());
    ipc::LinkSettings settings = bench.settings("box-1");
    settings.ack_deadline_s = 2;
    link.settings(settings);
    REQUIRE(link.untilState(LinkState::Up));
    bench.broker.freeze();
    const BootTime before = bench.clock.bootNow();
    link.publish(1, "t", {1});
    REQUIRE(link.untilEnded());
    const Duration took = bench.clock.bootNow() - before;
    CHECK(ipc::toString(link.last().state) == "ack-overdue");
    CHECK(took > std::chrono::seconds(2));
    CHECK(took < std::chrono::seconds(4));
    CHECK(link.reports.size() >= 3);  // the heartbeat went on meanwhile
}

TEST_CASE("link: the will fires when the worker or its daemon dies, and not on a clean goodbye",
          "[integration][link]") {
    Bench bench;
    LinkHarness hub(*bench.loop, places::programFolder());
    ipc::LinkSettings watching = bench.settings("hub");
    watching.subscriptions = {"status"};
    hub.settings(watching);
    REQUIRE(hub.untilState(LinkState::Up));

    ipc::LinkSettings settings = bench.settings("box-1");
    settings.will_topic = "status";
    settings.will_payload = "gone";
    settings.will_delay_s = 0;
    LinkHarness link(*bench.loop, places::programFolder());
    link.settings(settings);
    REQUIRE(link.untilState(LinkState::Up));
    SECTION("killed") {
        link.kill();
        REQUIRE(hub.runUntil([&] { return hub.arrived.size() == 1; }));
        CHECK(asText(hub.arrived[0].payload) == "gone");
    }
    SECTION("the daemon's end closed") {
        link.closeSocket();
        REQUIRE(hub.runUntil([&] { return hub.arrived.size() == 1; }));
    }
    SECTION("goodbye") {
        link.disconnect();
        REQUIRE(link.untilEnded());
        link.closeSocket();
        // What the hub publishes to itself afterwards overtakes no will.
        hub.publish(1, "status", {1});
        REQUIRE(hub.runUntil([&] { return !hub.arrived.empty(); }));
        CHECK(hub.arrived[0].payload == Bytes{1});
    }
}

TEST_CASE("link: a broker below TLS 1.2 is refused", "[integration][link]") {
    Bench bench;
    const TestIdentity server = bench.pki.server();
    const std::uint16_t port = freePort();
    const std::string pid_file = bench.scratch.file("s_server.pid");
    shell("openssl s_server -accept " + std::to_string(port) + " -tls1_1 -cipher ALL:@SECLEVEL=0 -cert " +
          server.certificate_path + " -key " + server.key_path + " -quiet & echo $! >" + pid_file);
    ipc::LinkSettings settings = bench.settings("box-1");
    settings.port = port;
    std::string detail, state;
    // The server may not listen yet at the first try.
    for (int tries = 0; tries < 20 && state != "tls-failed"; ++tries) {
        LinkHarness link(*bench.loop, places::programFolder());
        link.settings(settings);
        REQUIRE(link.untilEnded());
        state = ipc::toString(link.last().state);
        detail = link.last().detail;
    }
    shell("kill $(cat " + pid_file + ")");
    CHECK(state == "tls-failed");
    CHECK_THAT(detail, Catch::Matchers::Contains("TLS 1.2"));
}
