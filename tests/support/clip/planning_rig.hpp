// A ring in memory and clips planned and read from it, each step checked. For Catch tests. Header only.
#pragma once

#include <catch2/catch.hpp>
#include <memory>

#include "clip/clip_builder.hpp"
#include "clip/clip_planner.hpp"
#include "media/mp4_reader.hpp"
#include "ring/camera_tag.hpp"
#include "support/base/fake_clock.hpp"
#include "support/base/memory_file_system.hpp"
#include "support/ring/draft_maker.hpp"
#include "support/ring/ring_place.hpp"

namespace camgate::test {

using namespace clip;
using namespace std::chrono_literals;

// Boot time 100 s, where the footage of these tests begins.
inline const WallTime kStart(1'772'366'400s);

struct PlanningRig {
    test::MemoryFileSystem files;
    test::FakeClock clock;
    std::unique_ptr<ring::Ring> ring;
    test::DraftWish wish;

    PlanningRig() {
        open();
        wish.camera_tag = ring::cameraTag("gw-1", "gate");
        wish.sample_bytes = 200;
    }
    void open() {
        ring.reset();
        auto opened =
            ring::Ring::open(files, "/card/ring",
                             {.size_bytes = 20 * kMiB, .extent_bytes = 4 * kMiB, .gateway = "gw-1"}, clock);
        REQUIRE(opened);
        ring = std::move(*opened);
    }
    void append(ring::RecordDraft draft) {
        std::vector<ring::RecordDraft> round;
        round.push_back(std::move(draft));
        REQUIRE(ring->append(round));
    }
    /// Records of 1 s and ten samples, every `group`-th begins with a random access point.
    void record(int seconds, int group = 1) {
        for (int i = 0; i < seconds; ++i) {
            wish.starts_random = i % group == 0;
            append(test::makeDraft(wish));
            next();
        }
    }
    void next(Duration by = 1s) {
        ++wish.sequence;
        wish.first_decode += by;
    }
    ClipRequest request(Duration from, Duration to, Quality quality = Quality::Full) const {
        return {"gate", kStart + from, kStart + to, quality, "event-1"};
    }
    ClipPlan plan(Duration from, Duration to, Quality quality = Quality::Full) {
        auto made = makePlan(*ring, request(from, to, quality));
        INFO((made ? "" : made.error().describe()));
        REQUIRE(made);
        return *made;
    }
    Bytes all(const ClipPlan& plan, std::size_t step = 256U << 10U) {
        ClipBuilder builder(*ring, plan);
        Bytes bytes;
        while (bytes.size() < builder.layout().bytes()) {
            auto part = builder.read(bytes.size(), step);
            INFO((part ? "" : part.error().describe()));
            REQUIRE(part);
            REQUIRE(!part->empty());
            bytes.insert(bytes.end(), part->begin(), part->end());
        }
        CHECK(builder.read(bytes.size(), 10)->empty());
        CHECK_FALSE(builder.read(bytes.size() + 1, 10));
        return bytes;
    }
    std::vector<media::Mp4ReadTrack> tracks(const ClipPlan& plan) {
        const Bytes bytes = all(plan);
        const ClipLayout layout(plan);
        std::vector<media::Mp4ReadTrack> found;
        std::size_t at = 0;
        for (const std::uint64_t size : layout.fileBytes()) {
            const auto contents = media::readMp4(ByteView(bytes).subspan(at, static_cast<std::size_t>(size)));
            INFO((contents ? "" : contents.error().describe()));
            REQUIRE(contents);
            REQUIRE(contents->tracks.size() == 1);
            found.push_back(contents->tracks[0]);
            at += static_cast<std::size_t>(size);
        }
        CHECK(at == bytes.size());
        return found;
    }
};

inline std::vector<std::uint64_t> sequences(const ClipPlan& plan) {
    std::vector<std::uint64_t> numbers;
    for (const auto& file : plan.files) {
        for (const auto& record : file.records) numbers.push_back(record.sequence);
    }
    return numbers;
}

}  // namespace camgate::test
