// Live view: what the hub gets of a camera, within the line, to its end and the record of it.
#include <catch2/catch.hpp>

#include "media/fragment_stream.hpp"
#include "media/mp4_reader.hpp"
#include "support/uplink/gateway.hpp"
#include "uplink/chunk.hpp"

using namespace camgate;
using namespace std::chrono_literals;
using test::Gateway;
using Json = nlohmann::json;

namespace {

const media::DecoderConfig kConfig{media::Codec::H264, 640, 360, Bytes{1, 77, 0, 30, 0xFF, 0xE0, 0}};

std::string orderFor(int seconds, std::uint64_t bytes) {
    return Json{{"camera", "gate"},  {"to", "follow"},    {"seconds", seconds}, {"bytes", bytes},
                {"case", "17/2030"}, {"officer", "Minh"}, {"purpose", "theft"}}
        .dump();
}

/// A hub that looks on.
class View {
  public:
    explicit View(Gateway& gateway, int seconds = 60, std::uint64_t bytes = 10'000'000) : gateway_(gateway) {
        gateway.command("clip.request", orderFor(seconds, bytes), test::kCorrelation);
        gateway.loop.runPosted();
        reply = gateway.hub.rowsOf("reply").back();
        if (reply["ok"] == true) id = reply["result"]["live"];
    }

    /// `seconds` of ten pictures a second, a random access point each two seconds.
    void film(int seconds, std::size_t picture_bytes = 500) {
        for (int i = 0; i < seconds * 10; ++i) {
            if (gateway_.household.viewer == nullptr) return;
            if (std::exchange(gateway_.household.files_wanted, 0) > 0) begin();
            media::AccessUnit unit;
            unit.random_access = taken_++ % 20 == 0 ? media::RandomAccess::Idr : media::RandomAccess::None;
            unit.decode_time = unit.presentation_time = gateway_.clock.bootNow();
            unit.bytes = Bytes(picture_bytes, static_cast<std::uint8_t>(taken_));
            auto& viewer = *gateway_.household.viewer;
            Bytes fragment = file_.add(unit, viewer.hasRoom()).value();
            if (!fragment.empty()) viewer.onFragment(std::move(fragment), unit.decode_time);
            gateway_.advance(100ms);
        }
    }
    void begin() {
        REQUIRE(gateway_.household.viewer != nullptr);
        gateway_.household.viewer->onFile(file_.begin(kConfig, gateway_.now()).value());
        gateway_.loop.runPosted();
    }

    struct Received {
        std::vector<Bytes> files;
        std::string last;
        std::uint64_t bytes = 0;
        std::uint32_t parts = 0;
        std::uint32_t lost = 0;
    };
    /// What a hub makes of the parts.
    Received received() const {
        Received out;
        for (const auto& [view, payload] : gateway_.hub.live_parts) {
            if (view != id) continue;
            ByteReader in{ByteView(payload)};
            REQUIRE(asText(in.getBytes(4)) == "CGK1");
            const auto flags = in.get<std::uint32_t>();
            const auto index = in.get<std::uint32_t>();
            const auto offset = in.get<std::uint64_t>();
            REQUIRE(index >= out.parts);
            out.lost += index - out.parts;
            out.parts = index + 1;
            CHECK(((flags & uplink::kChunkSealed) != 0) == gateway_.hub.key.has_value());
            const Bytes bytes = opened(index, payload, in.rest());
            if ((flags & uplink::kChunkLast) != 0) {
                out.last = asText(bytes);
                CHECK(offset == out.bytes);
                continue;
            }
            if ((flags & uplink::kChunkStartsFile) != 0) out.files.emplace_back();
            REQUIRE_FALSE(out.files.empty());
            out.files.back().insert(out.files.back().end(), bytes.begin(), bytes.end());
            out.bytes += bytes.size();
        }
        return out;
    }
    std::size_t samplesOf(const Bytes& file) const {
        const auto read = media::readMp4(file);
        REQUIRE(read);
        return read->tracks.at(0).samples.size();
    }
    Json endAudit() const {
        for (const auto& audit : gateway_.hub.rowsOf("audit")) {
            if (audit["action"] == "live.end") return audit;
        }
        return nullptr;
    }

    std::string id;
    Json reply;

  private:
    Bytes opened(std::uint32_t index, const Bytes& payload, ByteView rest) const {
        if (!gateway_.hub.key) return {rest.begin(), rest.end()};
        const auto ephemeral =
            evidence::pointFromBase64(reply["result"]["sealed"]["ephemeral"].get<std::string>()).value();
        const ByteView header = ByteView(payload).first(payload.size() - rest.size());
        return evidence::clipOpener(*gateway_.hub.key, id, 0, ephemeral)
            .value()
            .open(index, header, rest)
            .value();
    }

    Gateway& gateway_;
    media::FragmentStream file_{500ms};
    std::size_t taken_ = 0;
};

}  // namespace

TEST_CASE("live: a camera's pictures as one file, at most a second late, until the time is up", "[uplink]") {
    Gateway gateway;
    const bool sealed = GENERATE(false, true);
    if (sealed) {
        gateway.stop();
        gateway.sealToHub();
        gateway.start();
    }
    View view(gateway, 10);
    CHECK(view.reply["result"]["seconds"] == 10);
    CHECK(gateway.household.watched == "gate");
    CHECK(gateway.household.watched_quality == clip::Quality::Preview);
    view.begin();
    view.film(5);
    const auto half = view.received();
    REQUIRE(half.files.size() == 1);
    CHECK(view.samplesOf(half.files[0]) >= 40);
    view.film(6);
    gateway.advance(1s);
    const auto whole = view.received();
    CHECK(whole.last == "expired");
    CHECK(whole.lost == 0);
    CHECK(view.samplesOf(whole.files.at(0)) >= 90);
    CHECK(gateway.household.viewer == nullptr);
    CHECK(view.endAudit()["outcome"] == "expired");
    CHECK(view.endAudit()["detail"]["bytes"] == whole.bytes);
    CHECK(view.endAudit()["detail"]["live"] == view.id);
    CHECK(view.endAudit()["detail"]["behind_ms"] <= 200);
    gateway.advance(20s);
    CHECK_FALSE(gateway.bulk.wanted());
}

TEST_CASE("live: the order is in the trail before anything is sent", "[uplink]") {
    Gateway gateway;
    gateway.stalled = true;
    gateway.command("clip.request", orderFor(60, 1'000'000), test::kCorrelation);
    gateway.runJobs();
    CHECK(gateway.household.viewer == nullptr);
    gateway.unstall();
    gateway.runJobs();
    REQUIRE(gateway.household.viewer != nullptr);
    const auto audits = gateway.hub.rowsOf("audit");
    REQUIRE(audits.size() == 1);
    CHECK(audits[0]["action"] == "clip.request");
    CHECK(audits[0]["detail"]["to"] == "follow");
    CHECK(audits[0]["detail"]["case"] == "17/2030");
}

TEST_CASE("live: no byte more than ordered", "[uplink]") {
    Gateway gateway;
    View view(gateway, 60, 40'000);
    view.begin();
    view.film(20);
    const auto got = view.received();
    CHECK(got.last == "limit");
    CHECK(got.bytes <= 40'000);
    CHECK(got.bytes > 30'000);
}

TEST_CASE("live: a stream larger than the cap jumps, keeps to the cap and stays at hand", "[uplink]") {
    Gateway gateway;
    View view(gateway, 60);
    view.begin();
    view.film(20, 20'000);  // 1600 kbit/s at a cap of 512
    gateway.advance(2s);
    const auto got = view.received();
    REQUIRE(got.files.size() == 1);
    CHECK(got.bytes <= 64'000 * 23);
    CHECK(got.bytes >= 64'000 * 12);
    const auto read = media::readMp4(got.files[0]);
    REQUIRE(read);
    const auto& samples = read->tracks.at(0).samples;
    CHECK(samples.front().sync);
    // The newest that is there was taken within the last 3 s of 20.
    CHECK(samples.back().decode_ticks >= 17U * media::kMp4Timescale_hz);
    gateway.command("clip.cancel", Json{{"clip", view.id}}.dump(), {10});
    CHECK(view.endAudit()["detail"]["behind_ms"] <= 3000);
}

TEST_CASE("live: what ends amid a fragment ends behind it", "[uplink]") {
    Gateway gateway;
    View view(gateway, 60);
    view.begin();
    view.film(6, 9'000);  // 45 kB a fragment: 0.7 s of the line
    gateway.command("clip.cancel", Json{{"clip", view.id}}.dump(), {10});
    gateway.advance(2s);
    const auto got = view.received();
    CHECK(got.last == "cancelled");
    CHECK(view.samplesOf(got.files.at(0)) >= 20);
}

TEST_CASE("live: an alarm does not wait for pictures, and a clip does", "[uplink]") {
    Gateway gateway;
    gateway.bulk.ack_delay = 50ms;
    View view(gateway, 60);
    view.begin();
    view.film(3, 20'000);
    gateway.command("clip.request",
                    R"({"camera":"gate","from":"2030-01-01T11:00:00Z","to":"2030-01-01T11:00:10Z"})", {9});
    const std::uint64_t before = gateway.up->figures().chunk_bytes_sent;
    for (int i = 0; i < 10; ++i) {
        gateway.event("e" + std::to_string(i), uplink::ReportPhase::Start);
        CHECK(gateway.hub.rowsOf("event/gate").size() == static_cast<std::size_t>(i + 1));
        view.film(1, 20'000);
    }
    CHECK(gateway.up->figures().chunk_bytes_sent - before < view.received().bytes / 4);
    gateway.command("clip.cancel", Json{{"clip", view.id}}.dump(), {10});
    gateway.advance(30s);
    CHECK(view.received().last == "cancelled");
    CHECK(gateway.up->figures().clips_verified == 1);
}

TEST_CASE("live: a connection that breaks gives a new file, and what was not said is not said late",
          "[uplink]") {
    Gateway gateway;
    View view(gateway, 60);
    view.begin();
    gateway.bulk.ack_delay = 80ms;
    view.film(3);
    gateway.bulk.disconnect_at = gateway.bulk.published + 1;
    view.film(2);
    gateway.bulk.disconnect_at = 0;
    gateway.setBroker(true);
    view.film(5);
    const auto got = view.received();
    REQUIRE(got.files.size() == 2);
    CHECK(got.lost >= 1);
    CHECK(view.samplesOf(got.files[1]) >= 20);
}

TEST_CASE("live: its owner's pause ends it and refuses the next", "[uplink]") {
    Gateway gateway;
    View view(gateway, 60);
    view.begin();
    view.film(2);
    auto* viewer = std::exchange(gateway.household.viewer, nullptr);
    viewer->onOver("paused");
    gateway.advance(1s);
    CHECK(view.received().last == "paused");
    gateway.household.gate_state = "paused";
    gateway.command("clip.request", orderFor(60, 1'000'000), {4});
    gateway.advance(1s);
    CHECK(gateway.hub.live_parts.back().second.size() == uplink::kChunkHeader_bytes + 6);
    std::size_t ended = 0;
    for (const auto& audit : gateway.hub.rowsOf("audit")) ended += audit["outcome"] == "paused" ? 1 : 0;
    CHECK(ended == 2);
}

TEST_CASE("live: a gateway that stops in good order says so, and keeps it", "[uplink]") {
    Gateway gateway;
    View view(gateway, 60);
    view.begin();
    view.film(3);
    gateway.up->sayOffline();
    gateway.advance(400ms);
    CHECK(view.received().last == "stopped");
    CHECK(view.endAudit()["outcome"] == "stopped");
    CHECK(gateway.hub.saidOn("status").back()["online"] == false);
}

TEST_CASE("live: one at a time; the place is free again when it has ended", "[uplink]") {
    Gateway gateway;
    View view(gateway, 5);
    view.begin();
    gateway.command("clip.request", orderFor(60, 1'000'000), {4});
    CHECK(gateway.hub.rowsOf("reply").back()["error"]["reason"] == "busy");
    view.film(6);
    gateway.advance(1s);
    View next(gateway, 5);
    CHECK(next.reply["ok"] == true);
}

TEST_CASE("live: an order that was not kept frees the place", "[uplink]") {
    Gateway gateway;
    gateway.full = true;
    gateway.command("clip.request", orderFor(60, 1'000'000), test::kCorrelation);
    gateway.full = false;
    gateway.advance(31s);
    View view(gateway, 5);
    CHECK(view.reply["ok"] == true);
}

TEST_CASE("live: a last part that cannot go holds the place for ten seconds only", "[uplink]") {
    Gateway gateway;
    View view(gateway, 5);
    view.begin();
    view.film(2);
    gateway.bulk.setBroker(false);
    gateway.advance(4s);
    CHECK(view.endAudit()["outcome"] == "expired");
    gateway.command("clip.request", orderFor(60, 1'000'000), {4});
    CHECK(gateway.hub.rowsOf("reply").back()["error"]["reason"] == "busy");
    gateway.advance(11s);
    gateway.command("clip.request", orderFor(60, 1'000'000), {5});
    CHECK(gateway.hub.rowsOf("reply").back()["ok"] == true);
}

TEST_CASE("live: an order that makes no sense is malformed", "[uplink]") {
    Gateway gateway;
    const auto order = GENERATE(as<std::string>{}, R"({"camera":"gate","to":"follow","bytes":1000})",
                                R"({"camera":"gate","to":"follow","seconds":10})",
                                R"({"camera":"gate","to":"follow","seconds":0,"bytes":1000})",
                                R"({"camera":"gate","to":"follow","seconds":1801,"bytes":1000})",
                                R"({"camera":"gate","to":"follow","seconds":10,"bytes":0})",
                                R"({"camera":"gate","to":"follow","seconds":10,"bytes":1,"quality":"best"})",
                                R"({"camera":7,"to":"follow","seconds":10,"bytes":1000})",
                                R"({"camera":"gate","to":["follow"],"seconds":10,"bytes":1000})");
    gateway.command("clip.request", order, test::kCorrelation);
    CHECK(gateway.hub.rowsOf("reply").back()["error"]["reason"] == "malformed");
    CHECK(gateway.household.viewer == nullptr);
}
