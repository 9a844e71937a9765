// A ring in memory, footage in it, and clips of it with their signed manifests: what a gateway would hand
// out. Throws where something that must work does not, so that benchmarks can use it too. Header only.
#pragma once

#include <memory>
#include <stdexcept>
#include <string>
#include <vector>

#include "clip/clip_builder.hpp"
#include "clip/clip_planner.hpp"
#include "crypto/identity.hpp"
#include "evidence/manifest.hpp"
#include "ring/camera_tag.hpp"
#include "support/base/fake_clock.hpp"
#include "support/base/memory_file_system.hpp"
#include "support/ring/draft_maker.hpp"

namespace camgate::test {

template <class T>
T must(Result<T> result) {
    if (!result) throw std::runtime_error(result.error().describe());
    return std::move(*result);
}

struct BuiltClip {
    Bytes bytes;
    clip::ClipPlan plan;
    evidence::Manifest manifest;
    std::string sha256;
};

/// Boot time 100 s is 2026-03-01T12:00:00Z, where the footage begins.
class ClipRig {
  public:
    static constexpr WallTime kStart{std::chrono::seconds(1'772'366'400)};

    explicit ClipRig(std::string gateway = "cg-1", std::string camera = "gate",
                     std::uint64_t ring_bytes = 20U << 20U)
        : gateway_(std::move(gateway)), camera_(std::move(camera)) {
        ring::RingOptions options;
        options.size_bytes = ring_bytes;
        options.extent_bytes = 4U << 20U;
        options.gateway = gateway_;
        ring = must(ring::Ring::open(files, "/card/ring", options, clock));
        wish.camera_tag = ring::cameraTag(gateway_, camera_);
        wish.sample_bytes = 200;
    }

    void append(ring::RecordDraft draft) {
        std::vector<ring::RecordDraft> round;
        round.push_back(std::move(draft));
        (void)must(ring->append(round));
    }
    void next(Duration by = std::chrono::seconds(1)) {
        ++wish.sequence;
        wish.first_decode += by;
    }
    /// Records of 1 s and ten samples, each of which begins with a random access point.
    void record(int seconds) {
        for (int i = 0; i < seconds; ++i) {
            append(makeDraft(wish));
            next();
        }
    }

    BuiltClip clip(Duration from, Duration to) {
        const clip::ClipRequest request{camera_, kStart + from, kStart + to, clip::Quality::Full, "event-1"};
        BuiltClip built;
        built.plan = must(clip::makePlan(*ring, request));
        clip::ClipBuilder builder(*ring, built.plan);
        while (built.bytes.size() < builder.layout().bytes()) {
            const Bytes part = must(builder.read(built.bytes.size(), 256U << 10U));
            built.bytes.insert(built.bytes.end(), part.begin(), part.end());
        }
        built.manifest = clip::manifestOf(built.plan, clip::planId(clip::encodePlan(built.plan)),
                                          builder.layout().fileBytes());
        built.sha256 = toHex(crypto::sha256(built.bytes));
        return built;
    }

    MemoryFileSystem files;
    FakeClock clock;
    std::unique_ptr<ring::Ring> ring;
    DraftWish wish;

  private:
    std::string gateway_;
    std::string camera_;
};

}  // namespace camgate::test
