#include "tools/hub/clip_store.hpp"

#include <catch2/catch.hpp>

#include "support/base/fake_clock.hpp"
#include "support/base/memory_file_system.hpp"
#include "support/tools/clip_fixture.hpp"

using namespace camgate;
using namespace camgate::hub;
using namespace camgate::test;
using nlohmann::json;
using std::chrono::seconds;

namespace {

struct ClipHub {
    ClipHub() {
        clock.setWall(
            {wall("2030-06-01T00:00:00Z"), WallQuality::Ntp, {}});  // when the golden certificates hold
        reopen();
    }
    void reopen() {
        store.reset();
        store = ClipStore::open(
                    files, clock, {"clips", "hub-1", 10U << 20U}, *database, goldenCertificate("ca"), opener,
                    [this](const ClipReceipt& receipt) { receipts.push_back(json::parse(receipt.payload)); },
                    [this](const json& verdict) { verdicts.push_back(verdict); })
                    .value();
    }
    void chunks(const TestClip& clip) {
        for (std::size_t at = 0; at < clip.bytes.size(); at += kChunk_bytes) chunk(clip, at);
    }
    void chunk(const TestClip& clip, std::size_t at) {
        store->takeChunk("cg-1", clip.id(), clip.chunk(at, kChunk_bytes));
    }
    Result<bool> manifest(const TestClip& clip, const json& message, Source source = Source::Shared) {
        return store->takeManifest(source, "cg-1", clip.id(), message);
    }
    json file(const std::string& name) { return json::parse(asText(files.contentOf("clips/" + name))); }

    MemoryFileSystem files;
    FakeClock clock;
    Opener opener;
    std::unique_ptr<HubDatabase> database = HubDatabase::open(":memory:").value();
    std::vector<json> receipts, verdicts;
    std::unique_ptr<ClipStore> store;
};

}  // namespace

TEST_CASE("hub: a clip goes from plan over chunks to files and a verdict", "[hub]") {
    ClipHub hub;
    const TestClip clip;
    REQUIRE(hub.manifest(clip, clip.plan()));
    REQUIRE(hub.receipts.size() == 1);
    CHECK(hub.receipts[0] == json{{"v", 1},
                                  {"owner", "hub-1"},
                                  {"missing", {{0, clip.bytes.size()}}},
                                  {"complete", false},
                                  {"verified", nullptr}});
    hub.chunks(clip);
    CHECK(hub.receipts.size() == 1);  // nothing to say before the hash is known
    REQUIRE(hub.manifest(clip, clip.complete()));
    REQUIRE(hub.receipts.size() == 2);
    CHECK(hub.receipts[1]["missing"].empty());
    CHECK(hub.receipts[1]["complete"] == true);
    CHECK(hub.receipts[1]["verified"] == true);

    const json verdict = hub.file(clip.id() + ".json");
    CHECK(verdict["verified"] == true);
    CHECK(verdict["signature"]["state"] == "good");
    CHECK(verdict["event"] == "e1");
    CHECK(verdict["manifest"]["clip"] == clip.id());
    CHECK(verdict["signed"]["sha256"] == clip.sha256);
    REQUIRE(verdict["files"].size() == 2);
    CHECK(verdict["files"][0]["pictures"] == 40);
    CHECK(verdict["files"][0]["duration_s"] == 4.0);  // 40 pictures of 0.1 s
    const auto first = static_cast<std::size_t>(clip.manifest.files[0].bytes);
    CHECK(hub.files.contentOf("clips/" + clip.id() + ".mp4") ==
          Bytes(clip.bytes.begin(), clip.bytes.begin() + static_cast<std::ptrdiff_t>(first)));
    CHECK(hub.files.contentOf("clips/" + clip.id() + "-2.mp4") ==
          Bytes(clip.bytes.begin() + static_cast<std::ptrdiff_t>(first), clip.bytes.end()));
    CHECK_FALSE(hub.files.exists("clips/" + clip.id() + ".part"));
    CHECK_FALSE(hub.files.exists("clips/" + clip.id() + ".notes"));
    CHECK(hub.verdicts.size() == 1);

    SECTION("manifests that come again are answered again, also after a restart") {
        if (GENERATE(false, true)) hub.reopen();
        REQUIRE(hub.manifest(clip, clip.plan()));
        REQUIRE(hub.manifest(clip, clip.complete()));
        REQUIRE(hub.receipts.size() == 4);
        CHECK(hub.receipts[3]["verified"] == true);
        CHECK(hub.verdicts.size() == 1);
    }
    SECTION("late chunks are not counted against the gateway") {
        hub.chunk(clip, 0);
        CHECK(hub.store->refusedChunks() == 0);
    }
}

TEST_CASE("hub: chunks may come late, twice and in any order", "[hub]") {
    ClipHub hub;
    const TestClip clip;
    REQUIRE(hub.manifest(clip, clip.plan()));
    REQUIRE(hub.manifest(clip, clip.complete(false)));  // overtakes them on the other connection
    CHECK(hub.receipts.size() == 1);
    hub.clock.advance(seconds(1));
    hub.store->tick();
    CHECK(hub.receipts.size() == 1);  // what is on its way is waited for
    const std::size_t count = (clip.bytes.size() + kChunk_bytes - 1) / kChunk_bytes;
    for (std::size_t i = count; i-- > 1;) {
        hub.chunk(clip, i * kChunk_bytes);
        hub.chunk(clip, i * kChunk_bytes);
    }
    hub.clock.advance(seconds(3));
    hub.store->tick();
    REQUIRE(hub.receipts.size() == 2);
    CHECK(hub.receipts[1]["missing"] == json{{0, kChunk_bytes}});
    hub.store->tick();
    CHECK(hub.receipts.size() == 2);
    hub.clock.advance(seconds(31));
    hub.store->tick();
    CHECK(hub.receipts.size() == 3);
    hub.chunk(clip, 0);
    REQUIRE(hub.verdicts.size() == 1);
    CHECK(hub.verdicts[0]["verified"] == true);
    CHECK(hub.verdicts[0]["signature"]["state"] == "none");
}

TEST_CASE("hub: after a restart only what was durable is believed", "[hub]") {
    ClipHub hub;
    const TestClip clip;
    REQUIRE(hub.manifest(clip, clip.plan()));
    hub.chunk(clip, 0);
    hub.store->tick();
    hub.chunk(clip, kChunk_bytes);  // never synced
    hub.reopen();
    REQUIRE(hub.manifest(clip, clip.plan()));
    CHECK(hub.receipts.back()["missing"] == json{{kChunk_bytes, clip.bytes.size()}});
    hub.chunks(clip);
    REQUIRE(hub.manifest(clip, clip.complete()));
    CHECK(hub.verdicts.size() == 1);
}

TEST_CASE("hub: a restart between the hash and the last byte does not lose the hash", "[hub]") {
    ClipHub hub;
    const TestClip clip;
    REQUIRE(hub.manifest(clip, clip.plan()));
    REQUIRE(hub.manifest(clip, clip.complete()));
    hub.reopen();
    hub.chunks(clip);
    REQUIRE(hub.verdicts.size() == 1);
    CHECK(hub.verdicts[0]["signature"]["state"] == "good");
}

TEST_CASE("hub: wrong bytes are asked for again, and not for ever", "[hub]") {
    ClipHub hub;
    const TestClip clip;
    Bytes wrong = clip.bytes;
    wrong[100] ^= 1;
    REQUIRE(hub.manifest(clip, clip.plan()));
    REQUIRE(hub.manifest(clip, clip.complete()));
    for (int round = 0; round < 2; ++round) {
        hub.store->takeChunk("cg-1", clip.id(), TestClip::chunkOf(0, wrong));
        CHECK(hub.receipts.back()["verified"] == false);
        CHECK(hub.receipts.back()["missing"] == json{{0, clip.bytes.size()}});
    }
    const auto said = hub.receipts.size();
    SECTION("the right ones end it") {
        hub.chunks(clip);
        CHECK(hub.verdicts.size() == 1);
    }
    SECTION("three times are enough") {
        hub.store->takeChunk("cg-1", clip.id(), TestClip::chunkOf(0, wrong));
        hub.clock.advance(seconds(100));
        hub.store->tick();
        CHECK(hub.receipts.size() == said);
        CHECK(hub.verdicts.empty());
    }
}

TEST_CASE("hub: chunks outside a clip, of another gateway or of no clip are refused and counted", "[hub]") {
    ClipHub hub;
    const TestClip clip;
    REQUIRE(hub.manifest(clip, clip.plan()));
    const Bytes byte{1};
    hub.store->takeChunk("cg-1", clip.id(), TestClip::chunkOf(clip.bytes.size(), byte));
    hub.store->takeChunk("cg-1", clip.id(), TestClip::chunkOf(0xFFFFFFFFFFFFFFFF, byte));
    hub.store->takeChunk("cg-2", clip.id(), clip.chunk(0, 10));
    hub.store->takeChunk("cg-1", std::string(64, 'd'), clip.chunk(0, 10));
    hub.store->takeChunk("cg-1", clip.id(), Bytes{1, 2, 3});
    CHECK(hub.store->refusedChunks() == 5);
    CHECK(hub.receipts.size() == 1);
}

TEST_CASE("hub: manifests that contradict themselves are of no use", "[hub]") {
    ClipHub hub;
    const TestClip clip;
    json plan = clip.plan();
    SECTION("sizes") {
        plan["bytes"] = clip.bytes.size() + 1;
    }
    SECTION("no sizes") {
        plan.erase("bytes");
    }
    SECTION("another clip's manifest") {
        plan["clip"] = std::string(64, 'd');
    }
    SECTION("no manifest") {
        plan["manifest"] = "!";
    }
    SECTION("an unknown phase") {
        plan["phase"] = "x";
    }
    SECTION("types") {
        plan["bytes"] = "many";
    }
    SECTION("complete without a plan") {
        plan = clip.complete();
    }
    const auto taken = hub.manifest(clip, plan);
    REQUIRE_FALSE(taken);
    CHECK(taken.error().kind == ErrorKind::InvalidArgument);
    CHECK(hub.receipts.empty());
    CHECK_FALSE(
        hub.store->takeManifest(Source::Shared, "cg-2", clip.id(), clip.plan()));  // the manifest is cg-1's
}

TEST_CASE("hub: a manifest in parts is asked for part by part and put together", "[hub]") {
    ClipHub hub;
    const TestClip clip;
    const Bytes whole = fromBase64(clip.plan()["manifest"].get<std::string>()).value();
    const auto part = [&](std::size_t number) {
        json message = clip.plan();
        const std::size_t begin = number * 500, length = std::min<std::size_t>(500, whole.size() - begin);
        message["id"] = "0" + std::to_string(number);
        message["part"] = number;
        message["parts"] = (whole.size() + 499) / 500;
        message["manifest"] = toBase64(ByteView(whole).subspan(begin, length));
        return message;
    };
    const std::size_t parts = (whole.size() + 499) / 500;
    REQUIRE(parts >= 3);
    REQUIRE(hub.manifest(clip, part(0)));
    CHECK(hub.receipts.back()["manifest_part"] == 1);
    // A reconnect: the first one again, and one that comes out of order.
    REQUIRE(hub.manifest(clip, part(2)));
    CHECK(hub.receipts.back()["manifest_part"] == 1);
    REQUIRE(hub.manifest(clip, part(0)));
    for (std::size_t number = 1; number < parts; ++number) REQUIRE(hub.manifest(clip, part(number)));
    CHECK_FALSE(hub.receipts.back().contains("manifest_part"));
    CHECK(hub.receipts.back()["missing"] == json{{0, clip.bytes.size()}});
    hub.chunks(clip);
    REQUIRE(hub.manifest(clip, clip.complete()));
    CHECK(hub.file(clip.id() + ".json")["signature"]["state"] == "good");
}

TEST_CASE("hub: impossible parts of a manifest are refused", "[hub]") {
    ClipHub hub;
    const TestClip clip;
    json message = clip.plan();
    SECTION("none") {
        message["parts"] = 0U;
    }
    SECTION("beyond") {
        message["parts"] = 2U;
        message["part"] = 2U;
    }
    SECTION("too many") {
        message["parts"] = 129U;
        message["part"] = 0U;
    }
    SECTION("no base64") {
        message["parts"] = 2U;
        message["part"] = 0U;
        message["manifest"] = "!";
    }
    CHECK(hub.manifest(clip, message).error().kind == ErrorKind::InvalidArgument);
    CHECK(hub.receipts.empty());
}

TEST_CASE("hub: a signature over another manifest, or by a stranger, makes a clip doubtful", "[hub]") {
    ClipHub hub;
    const TestClip clip;
    TestClip other = clip;
    other.manifest.reason = "changed";
    json complete = clip.complete();
    SECTION("another manifest") {
        complete["signature"] = other.complete()["signature"];
    }
    SECTION("garbage") {
        complete["signature"] = {{"cert", "AAAA"}};
    }
    REQUIRE(hub.manifest(clip, clip.plan()));
    hub.chunks(clip);
    REQUIRE(hub.manifest(clip, complete));
    REQUIRE(hub.verdicts.size() == 1);
    CHECK(hub.verdicts[0]["signature"]["state"] == "bad");
    CHECK(hub.verdicts[0]["verified"] == false);
    // The bytes are what the gateway hashed: sending them again would change nothing.
    CHECK(hub.receipts.back()["verified"] == true);
}

TEST_CASE("hub: right bytes that are no MP4 are kept and said to be unplayable", "[hub]") {
    ClipHub hub;
    TestClip clip;
    clip.bytes[4] = 'X';
    clip.sha256 = toHex(crypto::sha256(clip.bytes));
    REQUIRE(hub.manifest(clip, clip.plan()));
    hub.chunks(clip);
    REQUIRE(hub.manifest(clip, clip.complete()));
    REQUIRE(hub.verdicts.size() == 1);
    CHECK(hub.verdicts[0]["verified"] == false);
    CHECK(hub.verdicts[0]["files"][0]["playable"] == false);
    CHECK(hub.verdicts[0]["files"][1]["playable"] == true);
}

TEST_CASE("hub: a clip that its gateway gives up is forgotten, also by the next start", "[hub]") {
    ClipHub hub;
    const TestClip clip;
    REQUIRE(hub.manifest(clip, clip.plan()));
    hub.chunk(clip, 0);
    REQUIRE(hub.manifest(clip, {{"v", 1},
                                {"id", std::string(32, '7')},
                                {"clip", clip.id()},
                                {"phase", "failed"},
                                {"error", {{"kind", "not-found"}, {"reason", "footage-gone"}}}}));
    CHECK(hub.store->pending() == 0);
    const std::size_t said = hub.receipts.size();
    hub.clock.advance(seconds(60));
    hub.store->tick();
    hub.reopen();
    CHECK(hub.store->pending() == 0);
    CHECK(hub.receipts.size() == said);
    CHECK_FALSE(hub.files.exists("clips/" + clip.id() + ".part"));
}

TEST_CASE("hub: an announcement that comes by both ways is asked for once", "[hub][clips]") {
    ClipHub hub;
    const TestClip clip;
    CHECK_FALSE(hub.manifest(clip, clip.plan(), Source::Own).value());  // not known yet
    CHECK(hub.manifest(clip, clip.plan(), Source::Shared).value());
    CHECK(hub.manifest(clip, clip.plan(), Source::Own).value());
    CHECK(hub.receipts.size() == 1);
    CHECK(hub.manifest(clip, clip.plan(), Source::Own).value());  // a repeat of the gateway's
    CHECK(hub.receipts.size() == 2);
    hub.chunks(clip);
    CHECK(hub.manifest(clip, clip.complete(), Source::Own).value());
    CHECK(hub.verdicts.size() == 1);
    CHECK(hub.manifest(clip, clip.complete(), Source::Own).value());
    CHECK(hub.receipts.back()["complete"] == true);
}

TEST_CASE("hub: a clip that another process has is left to it", "[hub][clips]") {
    ClipHub hub;
    const TestClip clip;
    const json receipt{{"v", 1}, {"owner", "hub-2"}, {"missing", {{0, 10}}}, {"complete", false}};
    hub.store->hearReceipt("cg-1", clip.id(), receipt);
    hub.clock.advance(seconds(60));
    CHECK_FALSE(hub.manifest(clip, clip.plan()).value());
    hub.store->hearReceipt("cg-1", clip.id(), receipt);  // it answers
    hub.clock.advance(seconds(60));
    hub.store->tick();
    CHECK(hub.receipts.empty());
    CHECK_FALSE(hub.manifest(clip, clip.complete()).value());
}

TEST_CASE("hub: a clip whose process is gone is taken over from the start", "[hub][clips]") {
    ClipHub hub;
    const TestClip clip;
    const json receipt{{"v", 1}, {"owner", "hub-2"}, {"missing", {{0, 10}}}, {"complete", false}};
    hub.store->hearReceipt("cg-1", clip.id(), receipt);
    hub.clock.advance(seconds(60));
    CHECK_FALSE(hub.manifest(clip, clip.plan()).value());
    hub.clock.advance(Claims::kOwnersTurn + seconds(1));
    hub.store->tick();
    REQUIRE(hub.receipts.size() == 1);
    CHECK(hub.receipts[0]["owner"] == "hub-1");
    CHECK(hub.receipts[0]["missing"] == json{{0, clip.bytes.size()}});
    CHECK(hub.manifest(clip, clip.plan(), Source::Own).value());
}

TEST_CASE("hub: a clip that another process answers for is ceded with its bytes", "[hub][clips]") {
    ClipHub hub;
    const TestClip clip;
    REQUIRE(hub.manifest(clip, clip.plan()));
    hub.chunk(clip, 0);
    const json receipt{{"v", 1}, {"owner", "hub-2"}, {"missing", {{0, 10}}}, {"complete", false}};
    hub.store->hearReceipt("cg-1", clip.id(), {{"v", 1}, {"owner", "hub-1"}});  // its own echo
    CHECK(hub.store->pending() == 1);
    hub.store->hearReceipt("cg-2", clip.id(), receipt);  // of another gateway
    CHECK(hub.store->pending() == 1);
    hub.store->hearReceipt("cg-1", clip.id(), receipt);
    CHECK(hub.store->pending() == 0);
    hub.reopen();
    CHECK(hub.store->pending() == 0);
}

TEST_CASE("hub: of clips that others have only so many are remembered", "[hub][clips]") {
    Claims claims;
    const BootTime start{};
    for (std::size_t i = 0; i <= Claims::kMost; ++i)
        claims.heard(std::to_string(i), false, start + std::chrono::milliseconds(i));
    CHECK_FALSE(claims.others("0"));
    CHECK(claims.others("1"));
    claims.heard("1", true, start + std::chrono::hours(1));
    CHECK_FALSE(claims.others("1"));
}
