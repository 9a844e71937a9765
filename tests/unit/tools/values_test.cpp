#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include "support/base/memory_file_system.hpp"
#include "tools/hub/chunk.hpp"
#include "tools/hub/connection.hpp"
#include "tools/hub/counter_file.hpp"
#include "tools/hub/range_set.hpp"
#include "tools/hub/status_table.hpp"
#include "tools/hub/topics.hpp"

using namespace camgate;
using namespace camgate::hub;

TEST_CASE("hub: ranges join, overlap and leave holes", "[hub]") {
    RangeSet set;
    CHECK(set.missing(100, 64) == std::vector<ByteRange>{{0, 100}});
    set.add({10, 20});
    set.add({30, 40});
    set.add({20, 25});  // touches
    set.add({12, 18});  // is there
    set.add({50, 50});  // nothing
    CHECK(set.ranges() == std::vector<ByteRange>{{10, 25}, {30, 40}});
    CHECK(set.count() == 25);
    CHECK(set.missing(100, 64) == std::vector<ByteRange>{{0, 10}, {25, 30}, {40, 100}});
    CHECK(set.missing(100, 2).size() == 2);
    CHECK(set.missing(35, 64) == std::vector<ByteRange>{{0, 10}, {25, 30}});
    set.add({0, 100});
    CHECK(set.ranges() == std::vector<ByteRange>{{0, 100}});
    CHECK(set.covers(100));
    CHECK_FALSE(set.covers(101));
}

TEST_CASE("hub: topics are read by the table and ids cannot leave their folder", "[hub]") {
    const auto event = parseUpTopic("camgate/v1/cg-1/event/gate");
    REQUIRE(event);
    CHECK(event->topic == UpTopic::Event);
    CHECK(event->gateway == "cg-1");
    CHECK(event->word == "gate");
    CHECK(parseUpTopic("camgate/v1/cg-1/clip/abc1/manifest")->word == "abc1");
    CHECK(parseUpTopic("camgate/v1/cg-1/clip/abc1/chunk/hub-1")->topic == UpTopic::Chunk);
    CHECK(parseUpTopic("camgate/v1/cg-1/status")->topic == UpTopic::Status);
    for (const char* wrong : {"camgate/v1/cg-1/clip/../manifest", "camgate/v1/CG/status",
                              "camgate/v1//status", "camgate/v2/a/status", "camgate/v1/a/statusx",
                              "camgate/v1/a/clip/ABC/manifest", "camgate/v1/a/clip//manifest", "camgate/v1/a",
                              "camgate/v1/a/event/", "camgate/v1/a/event/x/y", "camgate/v1/a/command/x"}) {
        INFO(wrong);
        CHECK_FALSE(parseUpTopic(wrong));
    }
}

TEST_CASE("hub: a chunk is its header and the rest", "[hub]") {
    // CGK1, flags 0, zeros, index 3, offset 0x12000
    const Bytes good = fromHex("43474b3100000000030000000020010000000000aabb").value();
    const auto chunk = parseChunk(good);
    REQUIRE(chunk);
    CHECK(chunk->index == 3);
    CHECK(chunk->offset_bytes == 0x12000);
    CHECK(toHex(chunk->bytes) == "aabb");
    for (std::size_t length = 0; length < 20; ++length) CHECK_FALSE(parseChunk(ByteView(good).first(length)));
    CHECK_FALSE(chunk->sealed);
    Bytes sealed = good;
    sealed[4] = 1;
    CHECK(parseChunk(sealed)->sealed);
    CHECK_FALSE(parseChunk(sealed)->last);
    sealed[4] = 6;
    CHECK(parseChunk(sealed)->starts_file);
    CHECK(parseChunk(sealed)->last);
    CHECK_FALSE(parseChunk(sealed)->sealed);
    sealed[4] = 8;
    CHECK_FALSE(parseChunk(sealed));
}

TEST_CASE("hub: a signer's counter grows when the clock does not", "[hub]") {
    test::MemoryFileSystem files;
    const WallTime now(std::chrono::milliseconds(1'772'366'400'000));
    CHECK(nextCounter(files, "counter", now) == 1'772'366'400'000U);
    CHECK(nextCounter(files, "counter", now) == 1'772'366'400'001U);
    CHECK(nextCounter(files, "counter", now - std::chrono::hours(24)) == 1'772'366'400'002U);
}

TEST_CASE("hub: an address is a host and a port", "[hub]") {
    BrokerSettings broker;
    REQUIRE(setAddress(broker, "broker.example:8883"));
    CHECK(broker.host == "broker.example");
    CHECK(broker.port == 8883);
    for (const char* wrong : {"broker", ":8883", "broker:", "broker:0", "broker:65536", "broker:88a"}) {
        CHECK_FALSE(setAddress(broker, wrong));
    }
}

TEST_CASE("hub: the status table shows each camera, and no control character of a gateway's", "[hub]") {
    const auto status = nlohmann::json::parse(
        R"({"v":1,"online":true,"cameras":[{"id":"gate","state":"no-link","detail":"\u001b[2Jx"}],"storage":{"state":"ok"}})");
    const std::string table = statusTable({{"cg-1", status}, {"cg-2", {{"online", false}}}});
    CHECK(table ==
          "GATEWAY        LINK     PART         STATE          DETAIL\n"
          "cg-1           online   storage      ok\n"
          "                        gate         no-link        ?[2Jx\n"
          "cg-2           gone\n");
}
