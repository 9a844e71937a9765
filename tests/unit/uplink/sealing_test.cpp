// Clips and pictures sealed to the hub: it has them, the broker does not.
#include <algorithm>
#include <catch2/catch.hpp>

#include "support/uplink/gateway.hpp"

using namespace camgate;
using namespace std::chrono_literals;
using test::Gateway;
using uplink::ReportPhase;
using Json = nlohmann::json;

namespace {

struct Sealing : Gateway {
    Sealing() {
        sealToHub();
        restart();
        // What a broker sees: every byte that leaves.
        const auto toHub = std::exchange(bulk.deliver, {});
        bulk.deliver = [this, toHub](const uplink::HubMessage& message) {
            seen.push_back(message.payload);
            toHub(message);
        };
    }
    std::string orderClip(const Bytes& correlation = {1}) {
        command("clip.request", test::kAskForClip, correlation);
        return hub.rowsOf("reply").back()["result"]["clip"].get<std::string>();
    }
    std::vector<Bytes> seen;
};

bool contains(const Bytes& all, ByteView part) {
    return std::ranges::search(all, part).begin() != all.end();
}

}  // namespace

TEST_CASE("sealed: a clip arrives whole, and no stretch of it passes the broker in clear",
          "[uplink][sealing]") {
    Sealing gateway;
    const std::string id = gateway.orderClip();
    gateway.advance(20s);
    CHECK(gateway.hub.clips.at(id).verified);
    CHECK(gateway.hub.clips.at(id).plan["sealed"]["to"] == "f1f2");
    const Bytes clear = gateway.source.bytesOf(id);
    REQUIRE(gateway.seen.size() >= 10);
    for (std::size_t at = 0; at + 16 <= clear.size(); at += 1000) {
        for (const Bytes& message : gateway.seen)
            CHECK_FALSE(contains(message, ByteView(clear).subspan(at, 16)));
    }
}

TEST_CASE("sealed: a chunk that goes again after a restart is the same bytes", "[uplink][sealing]") {
    Sealing gateway;
    gateway.source.size_bytes = 1'000'000;
    const std::string id = gateway.orderClip();
    gateway.advance(2s);
    const auto before = std::exchange(gateway.seen, {});
    REQUIRE_FALSE(before.empty());
    gateway.hub.clips.at(id).have.assign(gateway.source.size_bytes, false);
    gateway.restart();
    gateway.advance(2s);
    REQUIRE(gateway.seen.size() >= before.size());
    for (std::size_t i = 0; i < before.size(); ++i) CHECK(gateway.seen[i] == before[i]);
    gateway.advance(30s);
    CHECK(gateway.hub.clips.at(id).verified);
}

TEST_CASE("sealed: chunks cut to another size share no key with the first", "[uplink][sealing]") {
    Sealing gateway;
    gateway.source.size_bytes = 1'000'000;
    const std::string id = gateway.orderClip();
    gateway.advance(2s);
    const auto before = std::exchange(gateway.seen, {});
    gateway.hub.clips.at(id).have.assign(gateway.source.size_bytes, false);
    gateway.settings.cap = uplink::LineCap(1024);
    gateway.restart();
    gateway.advance(30s);
    CHECK(gateway.hub.clips.at(id).verified);
    // Chunk 0 begins with the same bytes of the clip: under the same key these would be the same.
    const auto stretch = [](const Bytes& chunk) {
        return ByteView(chunk).subspan(uplink::kChunkHeader_bytes, 64);
    };
    CHECK_FALSE(std::ranges::equal(stretch(gateway.seen.at(0)), stretch(before.at(0))));
}

TEST_CASE("sealed: stills and snapshots are opened by the hub's key alone", "[uplink][sealing]") {
    Sealing gateway;
    auto report = gateway.report("e1", ReportPhase::Update);
    report.still = uplink::Still{gateway.now(), Bytes(uplink::kMaxStill_bytes, 'j')};
    gateway.up->reportEvent(report);
    gateway.loop.runPosted();
    const Json still = gateway.hub.rowsOf("event/gate").at(0)["still"];
    CHECK_FALSE(still.contains("jpeg"));
    const auto open = [&](const Json& picture, const std::string& of) {
        return evidence::openPicture(
            *gateway.hub.key, "cg-1", of,
            {evidence::pointFromBase64(picture["sealed"]["ephemeral"].get<std::string>()).value(),
             fromBase64(picture["sealed"]["bytes"].get<std::string>()).value()});
    };
    CHECK(open(still, "e1").value() == report.still->jpeg);
    CHECK_FALSE(open(still, "e2"));

    gateway.advance(2s);  // the still takes over a second of the line
    gateway.command("snapshot.request", R"({"camera":"gate"})", {0xAB});
    const Json result = gateway.hub.rowsOf("reply").at(0)["result"];
    CHECK_FALSE(result.contains("jpeg"));
    CHECK(open(result, "ab").value() == gateway.household.jpeg);
}

TEST_CASE("sealed: a clip that was open before sealing was switched on is sealed too", "[uplink][sealing]") {
    Gateway gateway;
    gateway.bulk.setBroker(false);
    gateway.command("clip.request", test::kAskForClip, {1});
    const std::string id = gateway.hub.rowsOf("reply").at(0)["result"]["clip"];
    CHECK_FALSE(gateway.hub.clips.at(id).plan.contains("sealed"));
    gateway.sealToHub();
    gateway.restart();
    gateway.advance(20s);
    CHECK(gateway.hub.clips.at(id).plan.contains("sealed"));
    CHECK(gateway.hub.clips.at(id).verified);
}
