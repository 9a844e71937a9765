// Clips and pictures that come sealed to the hub's receive key.
#include <catch2/catch.hpp>

#include "support/base/fake_clock.hpp"
#include "support/base/memory_file_system.hpp"
#include "support/tools/clip_fixture.hpp"
#include "tools/hub/clip_store.hpp"
#include "tools/hub/event_store.hpp"

using namespace camgate;
using namespace camgate::hub;
using namespace camgate::test;
using nlohmann::json;

namespace {

crypto::AgreementKey receiveKey() {
    return crypto::AgreementKey::fromPem(goldenText("crypto/receive.key.pem")).value();
}

/// The gateway's side of a clip.
struct Sealed {
    explicit Sealed(std::uint64_t chunk_bytes = kChunk_bytes, char seed = 's')
        : chunk_bytes(chunk_bytes),
          sealer(evidence::ClipSealer::toHub(to, clip.id(), chunk_bytes,
                                             Bytes(32, static_cast<std::uint8_t>(seed)))
                     .value()) {}
    json plan() const {
        json message = clip.plan();
        message["chunk_bytes"] = chunk_bytes;
        message["sealed"] = {{"to", to.fingerprint}, {"ephemeral", toBase64(sealer.ephemeral())}};
        return message;
    }
    Bytes chunk(std::uint64_t offset) const {
        const auto at = static_cast<std::size_t>(offset);
        const auto length = std::min(static_cast<std::size_t>(chunk_bytes), clip.bytes.size() - at);
        const auto index = static_cast<std::uint32_t>(offset / chunk_bytes);
        ByteWriter out;
        out.putBytes(asBytes("CGK1"));
        out.put(std::uint32_t{1});
        out.put(index);
        out.put(offset);
        Bytes message = std::move(out).take();
        const Bytes sealed = sealer.seal(index, message, ByteView(clip.bytes).subspan(at, length)).value();
        message.insert(message.end(), sealed.begin(), sealed.end());
        return message;
    }

    TestClip clip;
    std::uint64_t chunk_bytes;
    evidence::DeliveryKey to{receiveKey().publicPoint(), "ff"};
    evidence::ClipSealer sealer;
};

struct SealedHub {
    SealedHub() {
        clock.setWall({wall("2030-06-01T00:00:00Z"), WallQuality::Ntp, {}});
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
    Result<bool> manifest(const Sealed& of, const json& message) {
        return store->takeManifest(Source::Shared, "cg-1", of.clip.id(), message);
    }
    void chunks(const Sealed& of, std::uint64_t from = 0) {
        for (std::uint64_t at = from; at < of.clip.bytes.size(); at += of.chunk_bytes)
            store->takeChunk("cg-1", of.clip.id(), of.chunk(at));
    }

    MemoryFileSystem files;
    FakeClock clock;
    Opener opener{receiveKey()};
    std::unique_ptr<HubDatabase> database = HubDatabase::open(":memory:").value();
    std::vector<json> receipts, verdicts;
    std::unique_ptr<ClipStore> store;
};

}  // namespace

TEST_CASE("hub: a sealed clip is opened as it comes, also across a restart of the hub", "[hub][sealing]") {
    SealedHub hub;
    const Sealed sealed;
    REQUIRE(hub.manifest(sealed, sealed.plan()));
    hub.store->takeChunk("cg-1", sealed.clip.id(), sealed.chunk(0));
    hub.store->tick();
    hub.reopen();
    hub.chunks(sealed, kChunk_bytes);
    REQUIRE(hub.manifest(sealed, sealed.clip.complete()));
    REQUIRE(hub.verdicts.size() == 1);
    CHECK(hub.verdicts[0]["verified"] == true);
}

TEST_CASE("hub: a gateway that starts again may seal and cut another way", "[hub][sealing]") {
    SealedHub hub;
    const Sealed first, second(2000, 't');
    REQUIRE(hub.manifest(first, first.plan()));
    hub.store->takeChunk("cg-1", first.clip.id(), first.chunk(0));
    REQUIRE(hub.manifest(second, second.plan()));
    SECTION("and is understood") {}
    SECTION("and is understood by a hub that started again too") {
        hub.store->tick();
        hub.reopen();
    }
    hub.chunks(second, 4000);  // chunk 2 is the first that holds anything not yet there
    REQUIRE(hub.manifest(second, second.clip.complete()));
    REQUIRE(hub.verdicts.size() == 1);
    CHECK(hub.verdicts[0]["verified"] == true);
}

TEST_CASE("hub: chunks that were changed, sealed to another or not sealed are refused",
          "[hub][sealing][fault]") {
    SealedHub hub;
    const Sealed sealed, other(kChunk_bytes, 'o');
    REQUIRE(hub.manifest(sealed, sealed.plan()));
    Bytes changed = sealed.chunk(0);
    SECTION("a changed byte") {
        changed.back() ^= 1U;
    }
    SECTION("moved to another place") {
        changed[12] = 0x10;
    }
    SECTION("under another key") {
        changed = other.chunk(0);
    }
    SECTION("in clear") {
        changed = sealed.clip.chunk(0, kChunk_bytes);
    }
    SECTION("cut off") {
        changed.resize(30);
    }
    hub.store->takeChunk("cg-1", sealed.clip.id(), changed);
    CHECK(hub.store->refusedChunks() == 1);
    hub.chunks(sealed);
    REQUIRE(hub.manifest(sealed, sealed.clip.complete()));
    CHECK(hub.verdicts.size() == 1);
}

TEST_CASE("hub: without the receive key a sealed clip is not taken, and said so", "[hub][sealing][fault]") {
    SealedHub hub;
    hub.opener = Opener();
    const Sealed sealed;
    const auto taken = hub.manifest(sealed, sealed.plan());
    REQUIRE_FALSE(taken);
    CHECK(taken.error().kind == ErrorKind::FailedPrecondition);
    CHECK(taken.error().context.find("--receive-key") != std::string::npos);
    json unclear = sealed.plan();
    unclear["sealed"]["ephemeral"] = "AAAA";
    hub.opener = Opener(receiveKey());
    CHECK(hub.manifest(sealed, unclear).error().kind == ErrorKind::InvalidArgument);
}

TEST_CASE("hub: a sealed still becomes a picture beside the events, one that cannot be opened does not",
          "[hub][sealing]") {
    MemoryFileSystem files;
    REQUIRE(files.makeDirectory("hub"));
    const Opener opener(receiveKey());
    const auto database = HubDatabase::open(":memory:").value();
    auto store = EventStore::open(files, "hub", *database, opener).value();
    const Bytes jpeg{0xFF, 0xD8, 0xFF, 1, 2, 3};
    const auto message = [&](const std::string& id, const std::string& gateway) {
        const auto sealed =
            evidence::sealPicture({receiveKey().publicPoint(), "ff"}, gateway, "e1", jpeg).value();
        return json{{"v", 1},
                    {"id", id},
                    {"event", "e1"},
                    {"camera", "gate"},
                    {"still",
                     {{"at", "2030-01-01T00:00:00.000Z"},
                      {"sealed",
                       {{"to", "ff"},
                        {"ephemeral", toBase64(sealed.ephemeral)},
                        {"bytes", toBase64(sealed.bytes)}}}}}};
    };
    REQUIRE(store.take("cg-1", "gate", message("01", "cg-2"), {}));
    CHECK_FALSE(files.exists("hub/stills/e1.jpg"));
    REQUIRE(store.take("cg-1", "gate", message("02", "cg-1"), {}));
    CHECK(files.contentOf("hub/stills/e1.jpg") == jpeg);
}
