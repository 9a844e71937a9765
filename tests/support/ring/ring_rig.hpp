// A small ring in memory, over a file system that fails on demand. For Catch tests. Header only.
#pragma once

#include <catch2/catch.hpp>
#include <memory>

#include "ring/ring.hpp"
#include "support/base/fake_clock.hpp"
#include "support/base/faulty_file_system.hpp"
#include "support/base/memory_file_system.hpp"
#include "support/ring/draft_maker.hpp"
#include "support/ring/ring_place.hpp"

namespace camgate::test {

using namespace ring;
using namespace std::chrono_literals;

struct RingRig {
    test::MemoryFileSystem memory;
    test::FaultyFileSystem files{memory};
    test::FakeClock clock;
    RingOptions options{.size_bytes = 4 * kMiB + 4 * 4 * kMiB, .extent_bytes = 4 * kMiB, .gateway = "gw-1"};
    std::unique_ptr<Ring> ring;
    std::uint64_t sequence = 1;

    void open() {
        ring.reset();
        auto opened = Ring::open(files, kRingPath, options, clock);
        INFO((opened ? "" : opened.error().describe()));
        REQUIRE(opened);
        ring = std::move(*opened);
    }
    /// 1 s of footage per record, from boot time 100 s on.
    RecordDraft draft(std::size_t sample_bytes = 30000) {
        test::DraftWish wish;
        wish.sequence = sequence;
        wish.sample_bytes = sample_bytes;
        wish.first_decode = BootTime(99s + std::chrono::seconds(sequence));
        ++sequence;
        return test::makeDraft(wish);
    }
    Result<AppendResult> append(std::size_t sample_bytes = 30000) {
        std::vector<RecordDraft> round;
        round.push_back(draft(sample_bytes));
        return ring->append(round);
    }
    std::vector<RecordInfo> all() {
        auto found = ring->find(7, media::StreamKind::Main, WallTime(0s), WallTime(4'000'000'000s));
        REQUIRE(found);
        return *found;
    }
    std::vector<std::uint64_t> sequences() {
        std::vector<std::uint64_t> numbers;
        for (const RecordInfo& info : all()) numbers.push_back(info.header.sequence);
        return numbers;
    }
};

}  // namespace camgate::test
