#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include "support/base/fake_clock.hpp"
#include "uplink/clip_upload.hpp"
#include "uplink/line_budget.hpp"
#include "uplink/messages.hpp"
#include "uplink/range_set.hpp"
#include "uplink/rate_limit.hpp"
#include "uplink/topics.hpp"

using namespace camgate;
using namespace camgate::uplink;
using namespace std::chrono_literals;

TEST_CASE("topics: what is built is what the table says", "[uplink]") {
    CHECK(fullTopic("cg-1", topicSuffix(Topic::Status)) == "camgate/v1/cg-1/status");
    CHECK(topicSuffix(Topic::ClipChunk, {"ab", "hub-1"}) == "clip/ab/chunk/hub-1");
    CHECK(controlSubscriptions("g") ==
          std::vector<std::string>{"camgate/v1/g/receipt", "camgate/v1/g/clip/+/receipt",
                                   "camgate/v1/g/command/+", "camgate/v1/g/config/desired",
                                   "camgate/v1/g/trust", "camgate/v1/g/bundle",
                                   "camgate/v1/g/update/+/piece"});
}

TEST_CASE("telemetry: how long the card may stall is said in seconds", "[uplink]") {
    TelemetryFigures figures;
    figures.storage.stall_cover = 83'300ms;
    const auto said = nlohmann::json::parse(telemetryJson(WallTime(1'772'366'400s), figures, {}));
    CHECK(said["storage"] == nlohmann::json{{"stall_cover_s", 83.3}});
}

TEST_CASE("topics: only this gateway's down topics are read", "[uplink]") {
    const auto command = parseDownTopic("g", "camgate/v1/g/command/clip.request");
    REQUIRE(command);
    CHECK(command->topic == Topic::Command);
    CHECK(command->word == "clip.request");
    CHECK(parseDownTopic("g", "camgate/v1/g/clip/ab/receipt")->word == "ab");
    CHECK(parseDownTopic("g", "camgate/v1/g/receipt")->topic == Topic::Receipt);
    for (const char* topic :
         {"", "receipt", "camgate/v1/h/receipt", "camgate/v1/g/", "camgate/v1/g/status",
          "camgate/v1/g/command/", "camgate/v1/g/command/a/b", "camgate/v1/g/clip//receipt",
          "camgate/v1/g/clip/receipt", "camgate/v1/g/clip/a/b/receipt", "camgate/v1/g/command/a b",
          "camgate/v1/g/receipt/"}) {
        CHECK_FALSE(parseDownTopic("g", topic));
    }
    CHECK_FALSE(parseDownTopic("g", "camgate/v1/g/command/" + std::string(65, 'a')));
}

TEST_CASE("ranges: add, remove and count keep half-open ranges apart", "[uplink]") {
    RangeSet ranges;
    ranges.add(5, 5);
    CHECK(ranges.empty());
    ranges.add(10, 20);
    ranges.add(30, 40);
    ranges.add(20, 30);
    CHECK(ranges.count() == 30);
    CHECK(ranges.first() == 10U);
    ranges.remove(10);
    ranges.remove(25);
    ranges.remove(39);
    ranges.remove(99);
    CHECK(ranges.count() == 27);
    CHECK(ranges.first() == 11U);
    CHECK_FALSE(ranges.contains(25));
    CHECK(ranges.contains(26));
    CHECK_FALSE(ranges.contains(39));
    ranges.add(0, 100);
    CHECK(ranges.count() == 100);
}

TEST_CASE("chunks: cap x 100 ms within 4 to 64 KiB less the header and the seal's tag", "[uplink]") {
    CHECK(chunkBytes(4000) == 4096 - 20 - 16);
    CHECK(chunkBytes(64000) == 6400);
    CHECK(chunkBytes(125'000'000) == 65536 - 20 - 16);
}

TEST_CASE("chunks: the header is as the protocol says", "[uplink]") {
    const std::string rest = "000000040302011817161514131211";
    const Bytes bytes{0xAB, 0xCD};
    const auto message = [&](const evidence::ClipSealer* sealer, std::uint8_t flags) {
        return chunkMessage(sealer, {0x01020304, 0x1112131415161718, flags}, bytes).value();
    };
    CHECK(toHex(message(nullptr, 0)) == "43474b3100" + rest + "abcd");
    CHECK(toHex(message(nullptr, kChunkStartsFile | kChunkLast)) == "43474b3106" + rest + "abcd");
    const evidence::DeliveryKey hub{crypto::AgreementKey::generate().value().publicPoint(), "f1f2"};
    const auto sealer = evidence::ClipSealer::toHub(hub, "ab12", 4096, Bytes(32, 7)).value();
    const Bytes sealed = message(&sealer, kChunkLast);
    CHECK(toHex(ByteView(sealed).first(kChunkHeader_bytes)) == "43474b3105" + rest);
    CHECK(sealed.size() == kChunkHeader_bytes + bytes.size() + evidence::kSealTag_bytes);
}

TEST_CASE("line: while a live view waits no chunk goes, while rows wait neither does", "[uplink]") {
    test::FakeClock clock;
    LineBudget line(clock, LineCap{512});
    using Use = LineBudget::Use;
    CHECK(line.wait(Use::Chunk, 1000) == Duration::zero());
    line.setLiveWaits(true);
    CHECK(line.wait(Use::Chunk, 1000) > Duration::zero());
    CHECK(line.wait(Use::Live, 1000) == Duration::zero());
    CHECK(line.wait(Use::Row, 1000) == Duration::zero());
    line.setRowsWait(true);
    CHECK(line.wait(Use::Live, 1000) > Duration::zero());
    CHECK(line.wait(Use::Row, 1000) == Duration::zero());
    line.setRowsWait(false);
    line.setLiveWaits(false);
    CHECK(line.wait(Use::Chunk, 1000) == Duration::zero());
}

TEST_CASE("rate: a burst, then one each interval", "[uplink]") {
    RateLimit limit(3, 1s);
    BootTime now{100s};
    int taken = 0;
    for (int i = 0; i < 10; ++i) taken += limit.take(now) ? 1 : 0;
    CHECK(taken == 3);
    CHECK(limit.take(now + 1s));
    CHECK_FALSE(limit.take(now + 1s));
    CHECK(limit.take(now + 100s));
}

TEST_CASE("messages: text that is not UTF-8 is mended, not thrown", "[uplink]") {
    StatusDocument status;
    status.cameras.push_back({"gate", "\xff\xfe", "ok", "", {}});
    CHECK(nlohmann::json::parse(statusJson(status))["cameras"][0]["name"].is_string());
    CHECK_FALSE(manifestCompleteJson("c", "h", "not json"));
    CHECK(manifestCompleteJson("c", "h", "").value().find("signature") == std::string::npos);
    CHECK(nlohmann::json::parse(withId("ab", statusJson(status)))["id"] == "ab");
}
