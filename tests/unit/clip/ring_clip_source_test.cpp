#include "clip/ring_clip_source.hpp"

#include <catch2/catch.hpp>

#include "base/epoll_loop.hpp"
#include "evidence/manifest.hpp"
#include "ring/camera_tag.hpp"
#include "support/base/fake_clock.hpp"
#include "support/base/memory_file_system.hpp"
#include "support/clip/planning_rig.hpp"
#include "support/crypto/golden_pki.hpp"
#include "support/ring/draft_maker.hpp"
#include "support/ring/ring_place.hpp"

using namespace camgate;
using namespace camgate::clip;
using namespace std::chrono_literals;

namespace {

struct ClipSourceRig {
    crypto::Identity key = test::goldenIdentity("evidence");
    std::string gateway = key.certificate().commonName();
    SystemClock clock;
    test::FakeClock ring_clock;
    test::MemoryFileSystem files;
    std::unique_ptr<EpollLoop> loop = EpollLoop::open(clock).value();
    std::unique_ptr<ring::Ring> ring =
        ring::Ring::open(files, "/card/ring",
                         {.size_bytes = 20 * test::kMiB, .extent_bytes = 4 * test::kMiB, .gateway = gateway},
                         ring_clock)
            .value();
    std::unique_ptr<TaskThread> storage = std::make_unique<TaskThread>("ring", 64);
    std::unique_ptr<RingClipSource> source;

    explicit ClipSourceRig(bool with_key = true, RingClipOptions options = {}) {
        for (std::uint64_t i = 0; i < 10; ++i) {
            test::DraftWish wish;
            wish.camera_tag = ring::cameraTag(gateway, "gate");
            wish.sequence = i + 1;
            wish.first_decode += std::chrono::seconds(i);
            std::vector<ring::RecordDraft> round;
            round.push_back(test::makeDraft(wish));
            REQUIRE(ring->append(round));
        }
        std::optional<crypto::Identity> identity;
        if (with_key) identity = test::goldenIdentity("evidence");
        source = std::make_unique<RingClipSource>(*loop, *storage, *ring, std::move(identity), options);
    }
    ~ClipSourceRig() {
        source.reset();
        storage.reset();
    }
    ClipRequest request(int from = 2) const {
        return {"gate", test::kStart + std::chrono::seconds(from), test::kStart + 6s, Quality::Full,
                "case 7"};
    }
    /// Runs the loop until `call`'s answer is there, at most 5 s.
    template <class T, class Call>
    Result<T> wait(Call call) {
        std::optional<Result<T>> answer;
        call([&answer](Result<T> result) { answer = std::move(result); });
        for (int i = 0; i < 500 && !answer; ++i) loop->turn(10ms);
        REQUIRE(answer.has_value());
        return *answer;
    }
    Result<PlannedClip> plan(int from = 2) {
        return wait<PlannedClip>([&](auto answer) { source->plan(request(from), answer); });
    }
    Result<Bytes> read(const std::string& id, std::uint64_t offset, std::size_t length) {
        return wait<Bytes>([&](auto answer) { source->read(id, offset, length, answer); });
    }
};

}  // namespace

TEST_CASE("ring clip source: plans, reads, signs, and forgets what is released", "[clip]") {
    ClipSourceRig rig;
    const auto clip = rig.plan();
    REQUIRE(clip);
    const auto manifest = evidence::parseManifest(clip->manifest);
    REQUIRE(manifest);
    CHECK(manifest->clip == clip->id);
    crypto::Sha256 hash;
    std::uint64_t at = 0;
    while (at < clip->bytes) {
        const auto part = rig.read(clip->id, at, 10000);
        REQUIRE(part);
        hash.update(*part);
        at += part->size();
    }
    CHECK(at == clip->bytes);
    const std::string digest = toHex(hash.finish());
    const auto text = rig.wait<std::string>([&](auto answer) { rig.source->sign(clip->id, digest, answer); });
    REQUIRE(text);
    const auto verified = evidence::verifyManifest(*text, test::goldenCertificate("ca"),
                                                   rig.key.certificate().notBefore() + 1h);
    INFO((verified ? "" : verified.error().describe()));
    REQUIRE(verified);
    CHECK(verified->sha256 == digest);
    CHECK(verified->manifest.records == manifest->records);
    rig.source->release(clip->id);
    CHECK(rig.read(clip->id, 0, 10).error().kind == ErrorKind::NotFound);
}

TEST_CASE("ring clip source: a kept plan gives the same clip again", "[clip]") {
    ClipSourceRig rig;
    const auto clip = rig.plan();
    REQUIRE(clip);
    const Bytes before = rig.read(clip->id, 0, 1000).value();
    rig.source->release(clip->id);
    const auto again = rig.wait<PlannedClip>([&](auto answer) { rig.source->reopen(clip->plan, answer); });
    REQUIRE(again);
    CHECK(again->id == clip->id);
    CHECK(again->bytes == clip->bytes);
    CHECK(again->manifest == clip->manifest);
    CHECK(rig.read(clip->id, 0, 1000).value() == before);
    const auto bad = rig.wait<PlannedClip>([&](auto answer) { rig.source->reopen(Bytes{1, 2, 3}, answer); });
    CHECK(bad.error().kind == ErrorKind::InvalidArgument);
}

TEST_CASE("ring clip source: one read gives at most 256 KiB", "[clip]") {
    ClipSourceRig rig;
    const auto clip = rig.plan();
    CHECK(rig.read(clip->id, 0, 100 * test::kMiB)->size() <= 256U << 10U);
}

TEST_CASE("ring clip source: open clips are bounded, their footage is pinned", "[clip]") {
    ClipSourceRig rig(true, {.most_open = 2});
    const auto first = rig.plan(1);
    REQUIRE(first);
    REQUIRE(rig.plan(2).has_value());
    CHECK(rig.plan(3).error().kind == ErrorKind::Unavailable);
    CHECK(rig.plan(1).has_value());  // open already
    rig.source->release(first->id);
    CHECK(rig.plan(3).has_value());
    CHECK(rig.ring->stats().extents_pinned == 1);
}

TEST_CASE("ring clip source: without a key the signed manifest is empty", "[clip]") {
    ClipSourceRig rig(false);
    const auto clip = rig.plan();
    const auto text =
        rig.wait<std::string>([&](auto answer) { rig.source->sign(clip->id, std::string(64, '0'), answer); });
    REQUIRE(text);
    CHECK(text->empty());
}

TEST_CASE("ring clip source: errors come back, and no answer after its end", "[clip]") {
    ClipSourceRig rig;
    const auto none = rig.wait<PlannedClip>([&](auto answer) {
        auto request = rig.request();
        request.camera = "yard";
        rig.source->plan(request, answer);
    });
    CHECK(none.error().kind == ErrorKind::NotFound);
    bool answered = false;
    rig.source->plan(rig.request(), [&answered](Result<PlannedClip>) { answered = true; });
    rig.source.reset();
    rig.storage.reset();
    for (int i = 0; i < 5; ++i) rig.loop->turn(1ms);
    CHECK_FALSE(answered);
}
