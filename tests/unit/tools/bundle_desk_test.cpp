#include "tools/hub/bundle_desk.hpp"

#include <algorithm>
#include <catch2/catch.hpp>
#include <optional>

#include "crypto/hash.hpp"
#include "support/base/fake_clock.hpp"
#include "support/base/memory_file_system.hpp"

using namespace camgate;
using namespace camgate::hub;
using namespace std::chrono_literals;
using uplink::PieceRefusal;

namespace {

constexpr const char* kFolder = "/bundles";
constexpr std::uint64_t kPace_bytes_per_s = 1'000'000;
/// 60 KiB less the header.
constexpr std::uint64_t kFullPiece_bytes = 61'420;

struct SentPiece {
    std::string topic;
    Bytes message;

    uplink::Piece piece() const { return uplink::parsePiece(message).value(); }
};

struct BundleHub {
    test::FakeClock clock;
    test::MemoryFileSystem files;
    std::vector<SentPiece> sent;
    std::optional<BundleDesk> desk;

    explicit BundleHub(std::size_t bytes = 200'000) {
        REQUIRE(files.makeDirectory(kFolder));
        clock.advance(1h);
        put("a.raucb", Bytes(bytes, 'a'));
        put("readme.txt", Bytes(10, 'r'));
        desk.emplace(BundleShelf::open(files, clock, kFolder).value(), clock, kPace_bytes_per_s,
                     [this](const std::string& topic, const std::string& payload) {
                         sent.push_back({topic, Bytes(payload.begin(), payload.end())});
                     });
    }
    void put(const std::string& name, const Bytes& bytes) {
        const auto file = files.open(std::string(kFolder) + "/" + name, OpenMode::CreateOrOpen);
        REQUIRE((*file)->writeAt(0, bytes));
    }
    Status ask(const std::string& gateway, const std::string& sha256, std::uint32_t request,
               std::vector<uplink::ByteRange> missing) {
        return desk->take(gateway, sha256, asBytes(uplink::wantedJson({request, std::move(missing)})));
    }
    /// As the process does, until nothing is due any more.
    void work(Duration longest) {
        const BootTime end = clock.bootNow() + longest;
        while (clock.bootNow() < end)
            clock.advance(std::clamp<Duration>(desk->sendDue(100ms), 1ms, end - clock.bootNow()));
    }
};

std::string hashOf(const Bytes& bytes) {
    return toHex(crypto::sha256(bytes));
}
const std::string kBundle = hashOf(Bytes(200'000, 'a'));

}  // namespace

TEST_CASE("bundle desk: a request is answered in pieces of at most 60 KiB that carry its number", "[hub]") {
    BundleHub hub;
    REQUIRE(hub.ask("cg-1", kBundle, 7, {{1'000, 100'000}, {150'000, 150'010}}));
    hub.work(1s);
    REQUIRE(hub.sent.size() == 3);
    std::uint64_t next = 1'000;
    for (const SentPiece& each : hub.sent) {
        CHECK(each.topic == "camgate/v1/cg-1/update/" + kBundle + "/piece");
        CHECK(each.message.size() <= uplink::kLongestPiece_bytes);
        CHECK(each.piece().request == 7);
        CHECK(each.piece().offset_bytes == next);
        next += each.piece().bytes.size();
        if (next == 100'000) next = 150'000;
    }
    CHECK(hub.sent[0].piece().bytes.size() == kFullPiece_bytes);
    CHECK(next == 150'010);
}

TEST_CASE("bundle desk: gateways take turns, and all of them together have the pace", "[hub]") {
    BundleHub hub;
    for (const char* gateway : {"cg-1", "cg-2", "cg-3"})
        REQUIRE(hub.ask(gateway, kBundle, 1, {{0, 200'000}}));
    const BootTime began = hub.clock.bootNow();
    hub.work(600ms);
    REQUIRE(hub.sent.size() == 12);  // four each
    for (std::size_t i = 0; i < hub.sent.size(); ++i)
        CHECK(hub.sent[i].topic.find("cg-" + std::to_string(i % 3 + 1)) != std::string::npos);
    // 600,000 bytes at 1,000,000 a second.
    CHECK(hub.clock.bootNow() - began >= 585ms);
}

TEST_CASE("bundle desk: few pieces go in one turn, whatever the pace", "[hub]") {
    BundleHub hub;
    for (int i = 0; i < 100; ++i) REQUIRE(hub.ask("cg-" + std::to_string(i), kBundle, 1, {{0, 1}}));
    CHECK(hub.desk->sendDue(1s) < 1s);
    CHECK(hub.sent.size() <= 8);
}

TEST_CASE("bundle desk: what it does not have, or not so far, is refused", "[hub]") {
    BundleHub hub;
    REQUIRE(hub.ask("cg-1", std::string(64, 'b'), 7, {{0, 100}}));
    REQUIRE(hub.ask("cg-1", "ab", 8, {{0, 100}}));
    REQUIRE(hub.ask("cg-1", kBundle, 9, {{199'999, 200'001}}));
    REQUIRE(hub.sent.size() == 3);
    CHECK(hub.sent[0].piece().refusal == PieceRefusal::Unknown);
    CHECK(hub.sent[0].piece().request == 7);
    CHECK(hub.sent[1].piece().refusal == PieceRefusal::Unknown);
    CHECK(hub.sent[2].piece().refusal == PieceRefusal::BeyondEnd);
    hub.work(1s);
    CHECK(hub.sent.size() == 3);
}

TEST_CASE("bundle desk: a newer request replaces the one before and keeps its turn", "[hub]") {
    BundleHub hub;
    REQUIRE(hub.ask("cg-1", kBundle, 1, {{0, 200'000}}));
    REQUIRE(hub.ask("cg-2", kBundle, 1, {{0, 1'000}}));
    REQUIRE(hub.ask("cg-1", kBundle, 2, {{5'000, 6'000}}));
    hub.work(1s);
    REQUIRE(hub.sent.size() == 2);
    CHECK(hub.sent[0].piece().request == 2);
    CHECK(hub.sent[0].piece().offset_bytes == 5'000);
}

TEST_CASE("bundle desk: what was not answered for 30 s is not answered any more", "[hub]") {
    BundleHub hub;
    REQUIRE(hub.ask("cg-1", kBundle, 1, {{0, 100}}));
    hub.clock.advance(BundleDesk::kGoodFor);
    hub.work(1s);
    CHECK(hub.sent.empty());
}

TEST_CASE("bundle desk: requests that make no sense are refused, and no more wait than it can hold",
          "[hub][fault]") {
    BundleHub hub;
    for (const char* text :
         {"", "{", "[]", R"({"v":2,"request":1,"missing":[[0,1]]})", R"({"v":1,"missing":[[0,1]]})",
          R"({"v":1,"request":-1,"missing":[[0,1]]})", R"({"v":1,"request":4294967296,"missing":[[0,1]]})",
          R"({"v":1,"request":1,"missing":[]})", R"({"v":1,"request":1,"missing":[[1,1]]})",
          R"({"v":1,"request":1,"missing":[[0]]})", R"({"v":1,"request":1,"missing":[[0,"1"]]})"}) {
        CHECK_FALSE(hub.desk->take("cg-1", kBundle, asBytes(text)));
    }
    CHECK_FALSE(hub.ask("cg-1", kBundle, 1, std::vector<uplink::ByteRange>(17, {0, 1})));
    for (std::size_t i = 0; i < BundleDesk::kMostWaiting; ++i)
        REQUIRE(hub.ask("cg-" + std::to_string(i), kBundle, 1, {{0, 1}}));
    CHECK_FALSE(hub.ask("one-more", kBundle, 1, {{0, 1}}));
    CHECK(hub.ask("cg-5", kBundle, 2, {{0, 1}}));
}

TEST_CASE("bundle desk: one request is answered with 1 MiB at most", "[hub]") {
    BundleHub hub(3'000'000);
    REQUIRE(hub.ask("cg-1", hashOf(Bytes(3'000'000, 'a')), 1, {{0, 3'000'000}}));
    hub.work(5s);
    std::uint64_t bytes = 0;
    for (const SentPiece& each : hub.sent) bytes += each.piece().bytes.size();
    CHECK(bytes == BundleDesk::kMostAtOnce_bytes);
}

TEST_CASE("bundle desk: a file that comes, changes or goes is seen when it is asked for", "[hub]") {
    BundleHub hub;
    const Bytes added(5'000, 'c');
    REQUIRE(hub.ask("cg-1", hashOf(added), 1, {{0, 100}}));
    CHECK(hub.sent.back().piece().refusal == PieceRefusal::Unknown);
    hub.put("c.raucb", added);
    hub.clock.advance(BundleShelf::kLookAgain);
    REQUIRE(hub.ask("cg-1", hashOf(added), 2, {{0, 100}}));
    hub.work(1s);
    CHECK(hub.sent.back().piece().bytes.size() == 100);
    // It was looked at too early: half of it was there.
    const Bytes grown(9'000, 'c');
    hub.put("c.raucb", grown);
    hub.clock.advance(BundleShelf::kLookAgain);
    REQUIRE(hub.ask("cg-1", hashOf(grown), 3, {{8'000, 9'000}}));
    hub.work(1s);
    CHECK(hub.sent.back().piece().bytes.size() == 1'000);
    // While it is known and gone, nothing is answered.
    REQUIRE(hub.files.remove(std::string(kFolder) + "/a.raucb"));
    const std::size_t before = hub.sent.size();
    REQUIRE(hub.ask("cg-1", kBundle, 4, {{0, 100}}));
    hub.work(1s);
    CHECK(hub.sent.size() == before);
    hub.clock.advance(BundleShelf::kLookAgain);
    REQUIRE(hub.ask("cg-1", std::string(64, 'b'), 5, {{0, 100}}));
    REQUIRE(hub.ask("cg-1", kBundle, 6, {{0, 100}}));
    CHECK(hub.sent.back().piece().refusal == PieceRefusal::Unknown);
}

TEST_CASE("bundle desk: a folder that is not there is an error", "[hub]") {
    RealFileSystem files;
    const test::FakeClock clock;
    CHECK_FALSE(BundleShelf::open(files, clock, "/nowhere/at/all"));
}
