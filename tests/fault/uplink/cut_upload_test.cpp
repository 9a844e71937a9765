// A long clip over a line that breaks again and again: it arrives as it is, and little of it goes twice.
#include <catch2/catch.hpp>

#include "support/uplink/gateway.hpp"

using namespace camgate;
using namespace std::chrono_literals;
using test::Gateway;

namespace {

constexpr std::uint64_t kClip_bytes = 20'000'000;
constexpr std::uint32_t kCap_kbps = 4000;
constexpr Duration kRoundTrip = 100ms;
const std::string kAsk =
    R"({"camera":"gate","from":"2030-01-01T12:00:00.000Z","to":"2030-01-01T12:00:10.000Z","quality":"full"})";

struct Cuts {
    explicit Cuts(Gateway& on) : gateway(on) {}

    void disconnect() {
        gateway.setBroker(false);
        gateway.advance(2s);
        gateway.setBroker(true);
        ++made;
    }
    /// What the broker had acknowledged and not yet handed on goes with it, both ways.
    void restartBroker() {
        bool lost = false;
        gateway.bulk.dropMessage = [&lost](const uplink::HubMessage&) { return !std::exchange(lost, true); };
        gateway.advance(200ms);
        gateway.bulk.dropMessage = {};
        gateway.hub.lose_clip_receipts = 1;
        disconnect();
    }
    void reboot() {
        gateway.restart();
        ++made;
    }

    Gateway& gateway;
    int made = 0;
};

}  // namespace

TEST_CASE(
    "clip: 20 disconnects, 5 broker restarts, 2 reboots: the same bytes, at most a window again per cut",
    "[uplink][fault]") {
    Gateway gateway;
    gateway.sealToHub();
    gateway.settings.cap = uplink::LineCap(kCap_kbps);
    gateway.control.round_trip = gateway.bulk.round_trip = kRoundTrip;
    gateway.bulk.ack_delay = kRoundTrip;
    gateway.source.size_bytes = kClip_bytes;
    gateway.restart();
    gateway.command("clip.request", kAsk, {1});
    const std::string id = gateway.hub.rowsOf("reply").at(0)["result"]["clip"];
    gateway.advance(1s);

    Cuts cuts(gateway);
    for (int i = 0; i < 27; ++i) {
        // 20 MB take 42 s of this line: all cuts fall into the way.
        if (i == 8 || i == 17) {
            cuts.reboot();
        } else if (i % 5 == 4) {
            cuts.restartBroker();
        } else {
            cuts.disconnect();
        }
        gateway.advance(1s);
        REQUIRE_FALSE(gateway.hub.clips.at(id).verified);
    }
    gateway.advance(3min);
    const auto& clip = gateway.hub.clips.at(id);
    CHECK(clip.verified);
    CHECK((clip.bytes == gateway.source.bytesOf(id)));
    CHECK(gateway.hub.chunks_of_wrong_size == 0);

    // Headers and tags apart, what was published beyond the clip went again.
    const std::uint64_t chunk_bytes = clip.plan["chunk_bytes"];
    const std::uint64_t chunks = gateway.bulk.published;
    const std::uint64_t sent = gateway.bulk.published_bytes - chunks * 36;
    const std::uint64_t window = kCap_kbps * 1000ULL / 8 * 98 / 100 * 3 / 10;
    const double per_cut = static_cast<double>(sent - kClip_bytes) / cuts.made;
    WARN(cuts.made << " cuts: " << sent - kClip_bytes << " bytes again, " << per_cut << " per cut, window "
                   << window);
    CHECK(cuts.made == 27);
    CHECK(sent >= kClip_bytes);
    CHECK(per_cut <= static_cast<double>(window + chunk_bytes));
}
