// A sealed ring on a simulated card, its key on another one. Header only, one thread.
#pragma once

#include <catch2/catch.hpp>
#include <cstring>

#include "crypto/file_key_source.hpp"
#include "support/base/fake_clock.hpp"
#include "support/base/memory_file_system.hpp"
#include "support/ring/draft_maker.hpp"
#include "support/ring/ring_place.hpp"

namespace camgate::test {

inline const std::string kSealedRing = "/card/ring";

struct SealedRig {
    MemoryFileSystem card;
    MemoryFileSystem stick;
    crypto::FileKeySource source{stick, "/stick/ring.key"};
    FakeClock clock;
    ring::RingOptions options{.size_bytes = 4 * kMiB + 4 * 4 * kMiB,
                              .extent_bytes = 4 * kMiB,
                              .gateway = "gw-1",
                              .sealing = {.seal = true, .source = &source}};
    std::unique_ptr<ring::Ring> ring;
    std::map<std::uint64_t, std::uint64_t> next;  ///< sequence, by camera

    Result<std::unique_ptr<ring::Ring>> tryOpen() {
        ring.reset();
        return ring::Ring::open(card, kSealedRing, options, clock);
    }
    void open() {
        auto opened = tryOpen();
        INFO((opened ? "" : opened.error().describe()));
        REQUIRE(opened);
        ring = std::move(*opened);
    }
    /// 1 s of footage at the clock's time, as well as it is known.
    ring::RecordDraft draft(std::uint64_t camera_tag, std::size_t sample_bytes = 3000) {
        DraftWish wish;
        wish.camera_tag = camera_tag;
        wish.sequence = ++next[camera_tag];
        wish.sample_bytes = sample_bytes;
        wish.first_decode = clock.bootNow();
        wish.time_map = clock.timeMap();
        return makeDraft(wish);
    }
    Result<ring::AppendResult> append(const std::vector<std::uint64_t>& cameras,
                                      std::size_t sample_bytes = 3000) {
        std::vector<ring::RecordDraft> round;
        for (const std::uint64_t camera : cameras) round.push_back(draft(camera, sample_bytes));
        clock.advance(std::chrono::seconds(1));
        return ring->append(round);
    }
    std::vector<ring::RecordInfo> find(std::uint64_t camera) {
        auto found = ring->find(camera, media::StreamKind::Main, WallTime(std::chrono::seconds(0)),
                                WallTime(std::chrono::seconds(4'000'000'000)));
        REQUIRE(found);
        return *found;
    }
    /// How many of the camera's records are there; each must be what was written.
    std::size_t readable(std::uint64_t camera) {
        const auto found = find(camera);
        for (const auto& info : found) REQUIRE(holdsItsContent(*ring, info));
        return found.size();
    }
    Bytes raw() const { return card.contentOf(kSealedRing); }
    std::int32_t today() const { return ring::dayOf(clock.wallNow().time); }
};

inline bool holds(ByteView hay, ByteView needle) {
    return ::memmem(hay.data(), hay.size(), needle.data(), needle.size()) != nullptr;
}

}  // namespace camgate::test
