#include <catch2/catch.hpp>
#include <deque>

#include "support/uplink/fake_updates.hpp"
#include "support/uplink/gateway.hpp"
#include "uplink/bundle_pull.hpp"
#include "uplink/topics.hpp"

using namespace camgate;
using namespace camgate::uplink;
using namespace std::chrono_literals;
using test::FakeUpdates;

namespace {

constexpr std::size_t kBundle_bytes = 300'000;
/// 98 % of 512 kbit/s.
constexpr std::uint64_t kLine_bytes_per_s = 62'720;
/// For 200 ms, as no round trip is measured.
constexpr std::uint64_t kWindow_bytes = 12'544;

Bytes someBundle(std::uint8_t seed) {
    Bytes bundle(kBundle_bytes);
    std::uint32_t state = seed;
    for (auto& byte : bundle) {
        state = state * 1664525 + 1013904223;
        byte = static_cast<std::uint8_t>(state >> 24U);
    }
    return bundle;
}

struct BundleRig {
    FakeUpdates updates;
    test::Gateway gateway;
    bool answers = true;
    std::size_t piece_bytes = 10'000;
    std::size_t asked = 0;              // requests heard
    std::uint64_t came_bytes = 0;       // on the wire
    std::function<Bytes(Bytes)> spoil;  // what becomes of a piece on its way

    BundleRig() {
        gateway.updates = &updates;
        gateway.restart();
    }
    void want() {
        updates.want(someBundle(1), gateway.now());
        gateway.up->bundleWanted();
        gateway.loop.runPosted();
    }
    /// Wanted, and its moment has come.
    void wantNow() {
        want();
        gateway.advance(moment() + 1ms);
    }
    Duration moment() const { return bundleMoment("cg-1", updates.sha256); }
    std::string wantedTopic() const { return "update/" + updates.sha256 + "/wanted"; }
    std::size_t requests() const { return gateway.hub.saidOn(wantedTopic()).size(); }
    Wanted newest() const {
        return parseWanted(asBytes(gateway.hub.saidOn(wantedTopic()).back().dump())).value();
    }
    void say(const std::string& sha256, const Bytes& message) {
        const std::string topic = test::FakeHub::kPrefix + "update/" + sha256 + "/piece";
        came_bytes += wireBytes(topic.size() + message.size());
        gateway.control.say(topic, message);
    }
    void say(const Piece& piece) { say(updates.sha256, pieceMessage(piece)); }
    Piece pieceOf(std::uint32_t request, std::uint64_t from, std::uint64_t to) const {
        return {request,
                from,
                {},
                ByteView(updates.bundle)
                    .subspan(static_cast<std::size_t>(from), static_cast<std::size_t>(to - from))};
    }
    void answer() {
        const Wanted wanted = newest();
        for (const ByteRange& range : wanted.missing) {
            for (std::uint64_t at = range.from; at < range.to;) {
                const std::uint64_t to = std::min<std::uint64_t>(at + piece_bytes, range.to);
                Bytes message = pieceMessage(pieceOf(wanted.request, at, to));
                if (spoil) message = spoil(std::move(message));
                if (!message.empty()) say(updates.sha256, message);
                at = to;
            }
        }
    }
    /// Requests are answered 20 ms after they were heard.
    void live(Duration longest) {
        for (Duration lived{0}; lived < longest; lived += 20ms) {
            gateway.advance(20ms);
            if (!answers || requests() == asked) continue;
            asked = requests();
            answer();
        }
    }
    std::uint64_t refused(const char* reason) const {
        const auto all = gateway.up->figures().refused;
        const auto found = all.find(reason);
        return found == all.end() ? 0 : found->second;
    }
};

}  // namespace

TEST_CASE("bundle: it comes whole, a window at a time, at half of the family's cap", "[uplink][bundle]") {
    BundleRig rig;
    rig.wantNow();
    REQUIRE(rig.requests() == 1);
    CHECK(rig.newest().missing.size() == 1);
    CHECK(rig.newest().missing[0].from == 0);
    CHECK(rig.newest().missing[0].to == kWindow_bytes);
    const BootTime began = rig.gateway.clock.bootNow();
    std::uint64_t most = 0;
    while (rig.updates.taken.size() < kBundle_bytes) {
        const std::uint64_t before = rig.came_bytes;
        rig.live(1s);
        most = std::max(most, rig.came_bytes - before);
        REQUIRE(rig.gateway.clock.bootNow() - began < 1min);
    }
    CHECK(rig.updates.taken == rig.updates.bundle);
    const auto took = std::chrono::duration<double>(rig.gateway.clock.bootNow() - began).count();
    // 300,000 bytes and their headers at 31,360 a second, in the last second perhaps less.
    CHECK(static_cast<double>(rig.came_bytes) / took <= kLine_bytes_per_s / 2.0);
    CHECK(static_cast<double>(rig.came_bytes) / took > kLine_bytes_per_s / 2.0 * 0.85);
    // No second carries more than its half and a window.
    CHECK(most <= kLine_bytes_per_s / 2 + kWindow_bytes + 2'000);
    CHECK(rig.gateway.up->figures().refused.empty());
}

TEST_CASE("bundle: boxes begin at moments of their own within an hour", "[uplink][bundle]") {
    Duration least = 1h, most{0};
    std::set<Duration> all;
    for (int i = 0; i < 1000; ++i) {
        const Duration moment = bundleMoment("cg-" + std::to_string(i), std::string(64, 'a'));
        least = std::min(least, moment);
        most = std::max(most, moment);
        all.insert(moment);
    }
    CHECK(least >= Duration::zero());
    CHECK(least < 1min);
    CHECK(most < 1h);
    CHECK(most > 59min);
    CHECK(all.size() > 990);
    // docs/ref/mqtt.md: SHA-256 of "camgate-bundle-v1\ncg-1\naaa..." begins with 4baa9215.
    CHECK(bundleMoment("cg-1", std::string(64, 'a')) == std::chrono::milliseconds(0x4baa9215U % 3'600'000));

    BundleRig rig;
    rig.want();
    rig.gateway.advance(rig.moment() - 1s);
    CHECK(rig.requests() == 0);
    // A start in between does not begin the wait anew.
    rig.gateway.restart();
    rig.gateway.advance(1s);
    CHECK(rig.requests() == 1);
}

TEST_CASE("bundle: the window follows line and round trip within 4 and 256 KiB", "[uplink][bundle]") {
    CHECK(bundleWindow_bytes(3'920, 0ms) == 4096);  // 32 kbit/s
    CHECK(bundleWindow_bytes(kLine_bytes_per_s, 0ms) == kWindow_bytes);
    CHECK(bundleWindow_bytes(kLine_bytes_per_s, 300ms) == 31'360);
    CHECK(bundleWindow_bytes(100'000'000, 300ms) == 256U << 10U);
}

TEST_CASE("bundle: it goes on where it was after a start, without another wait", "[uplink][bundle]") {
    BundleRig rig;
    rig.wantNow();
    rig.live(2s);
    const std::size_t had = rig.updates.taken.size();
    CHECK(had > 0);
    REQUIRE(had < kBundle_bytes);
    const std::size_t before = rig.requests();
    rig.gateway.restart();
    rig.gateway.advance(1s);
    REQUIRE(rig.requests() > before);
    CHECK(rig.newest().missing[0].from == had);
    rig.asked = before;
    rig.live(30s);
    CHECK(rig.updates.taken == rig.updates.bundle);
}

TEST_CASE("bundle: what does not come is asked for again after 30 s, and at once after a reconnect",
          "[uplink][bundle][fault]") {
    BundleRig rig;
    rig.answers = false;
    rig.wantNow();
    const Wanted first = rig.newest();
    rig.gateway.advance(BundlePull::kAskAgain - 100ms);
    CHECK(rig.requests() == 1);
    rig.gateway.advance(200ms);
    REQUIRE(rig.requests() == 2);
    CHECK(rig.newest().request != first.request);
    rig.gateway.setBroker(false);
    rig.gateway.advance(1h);
    CHECK(rig.requests() == 2);
    rig.gateway.setBroker(true);
    rig.gateway.loop.runPosted();
    REQUIRE(rig.requests() == 3);
    // What the broker kept of the requests before.
    rig.say(rig.pieceOf(first.request, 0, 1000));
    CHECK(rig.updates.taken.empty());
    CHECK(rig.refused("late-piece") == 1);
    // A piece is progress: the rest has 30 s again.
    rig.gateway.advance(20s);
    rig.say(rig.pieceOf(rig.newest().request, 0, 9'000));
    CHECK(rig.updates.taken.size() == 9'000);
    rig.gateway.advance(20s);
    CHECK(rig.requests() == 3);
    rig.gateway.advance(11s);
    REQUIRE(rig.requests() == 4);
    CHECK(rig.newest().missing[0].from == 9'000);
}

TEST_CASE("bundle: a piece that is lost holds up the rest for 30 s, and no byte is taken twice",
          "[uplink][bundle][fault]") {
    BundleRig rig;
    rig.piece_bytes = kShortestPiece_bytes;
    int count = 0;
    rig.spoil = [&count](Bytes message) { return ++count % 11 == 0 ? Bytes() : message; };
    rig.wantNow();
    rig.live(15min);
    CHECK(rig.updates.taken == rig.updates.bundle);
    CHECK(rig.refused("unasked-piece") > 0);
}

TEST_CASE("bundle: what does not fit is dropped and counted, and the rest goes on",
          "[uplink][bundle][fault]") {
    BundleRig rig;
    rig.answers = false;
    rig.wantNow();
    const Wanted wanted = rig.newest();
    rig.say(rig.pieceOf(wanted.request, 0, 9'000));
    REQUIRE(rig.updates.taken.size() == 9'000);
    const auto is_dropped = [&rig](const char* reason, const std::string& sha256, const Bytes& message) {
        const std::uint64_t before = rig.refused(reason);
        rig.say(sha256, message);
        CHECK(rig.refused(reason) == before + 1);
        CHECK(rig.updates.taken.size() == 9'000);
    };
    const auto piece = [&](std::uint64_t from, std::uint64_t to) {
        return pieceMessage(rig.pieceOf(wanted.request, from, to));
    };
    const std::string& sha256 = rig.updates.sha256;
    is_dropped("unasked-piece", sha256, piece(0, 9'000));                  // again
    is_dropped("unasked-piece", sha256, piece(4'000, 12'500));             // overlaps
    is_dropped("unasked-piece", sha256, piece(10'000, kWindow_bytes));     // leaves a gap
    is_dropped("unasked-piece", sha256, piece(9'000, kWindow_bytes + 1));  // more than was asked for
    is_dropped("other-piece", std::string(64, 'b'), piece(9'000, kWindow_bytes));
    is_dropped("late-piece", sha256, pieceMessage(rig.pieceOf(wanted.request - 1, 9'000, kWindow_bytes)));
    is_dropped("bad-piece", sha256, Bytes());
    is_dropped("bad-piece", sha256, Bytes(19, 'C'));
    is_dropped("bad-piece", sha256, Bytes(kLongestPiece_bytes + 1, 'C'));
    is_dropped("bad-piece", sha256, piece(9'000, 9'000));
    is_dropped("bad-piece", sha256, piece(9'000, 10'000));  // short
    Bytes later = piece(9'000, kWindow_bytes);
    later[4] = 2;
    is_dropped("bad-piece", sha256, later);
    later[4] = 1;  // a refusal of a word that nobody knows
    is_dropped("bad-piece", sha256, later);
    CHECK_FALSE(rig.updates.failed.has_value());
    // All of it came over the line: the next window waits for as long.
    rig.answers = true;
    rig.spoil = nullptr;
    rig.asked = 0;
    rig.say(rig.pieceOf(wanted.request, 9'000, kWindow_bytes));
    rig.asked = rig.requests();
    rig.live(1min);
    CHECK(rig.updates.taken == rig.updates.bundle);
}

TEST_CASE("bundle: a hub that does not have it, or has less of it, ends it", "[uplink][bundle]") {
    BundleRig rig;
    rig.answers = false;
    rig.wantNow();
    const auto [refusal, words] = GENERATE(std::pair{PieceRefusal::Unknown, "does not have"},
                                           std::pair{PieceRefusal::BeyondEnd, "is shorter"});
    rig.say({rig.newest().request - 1, 0, refusal, {}});
    CHECK_FALSE(rig.updates.failed.has_value());
    rig.say({rig.newest().request, 0, refusal, {}});
    REQUIRE(rig.updates.failed.has_value());
    CHECK(rig.updates.failed->context.find(words) != std::string::npos);
    const std::size_t before = rig.requests();
    rig.gateway.advance(24h);
    CHECK(rig.requests() == before);
}

TEST_CASE("bundle: no more than a window waits for the card", "[uplink][bundle]") {
    BundleRig rig;
    rig.updates.card_waits = true;
    rig.wantNow();
    rig.live(2min);
    CHECK(rig.updates.taken.size() == kWindow_bytes);
    rig.updates.cardGoesOn();
    rig.live(30s);
    CHECK(rig.updates.taken == rig.updates.bundle);
}

TEST_CASE("bundle: an alarm goes at once while one comes", "[uplink][bundle]") {
    BundleRig rig;
    rig.wantNow();
    for (int i = 0; i < 5; ++i) {
        rig.live(1s);
        const std::string event = "e" + std::to_string(i);
        rig.gateway.event(event, ReportPhase::Start);
        CHECK(rig.gateway.hub.rowsOf("event/gate").back()["event"] == event);
    }
    CHECK(rig.updates.taken.size() > 100'000);
}

TEST_CASE("bundle: another one that is wanted is asked for in its place", "[uplink][bundle]") {
    BundleRig rig;
    rig.wantNow();
    rig.live(1s);
    const std::string first = rig.updates.sha256;
    const std::uint32_t request = rig.newest().request;
    rig.updates.want(someBundle(2), rig.gateway.now());
    rig.gateway.up->bundleWanted();
    rig.say(first, pieceMessage(rig.pieceOf(request, 0, 1000)));
    CHECK(rig.refused("other-piece") == 1);
    rig.gateway.advance(rig.moment() + 1ms);
    rig.asked = 0;
    rig.live(30s);
    CHECK(rig.updates.taken == rig.updates.bundle);
    rig.updates.wants = false;
    const std::size_t before = rig.requests();
    rig.gateway.advance(1h);
    CHECK(rig.requests() == before);
}
