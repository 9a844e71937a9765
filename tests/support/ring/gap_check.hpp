// Holds what a stream sent against what is stored of it: each frame lies in a record or in a gap that a
// record declares, and gaps are no longer than what is missing. For Catch tests. Header only.
#pragma once

#include <catch2/catch.hpp>
#include <set>
#include <vector>

#include "ring/ring.hpp"

namespace camgate::test {

struct StoredRecord {
    ring::RecordHeader header;
    std::vector<ring::Sample> samples;
};

inline std::vector<StoredRecord> storedOf(ring::Ring& ring, std::uint64_t camera, media::StreamKind stream) {
    const auto found = ring.find(camera, stream, WallTime(std::chrono::seconds(0)),
                                 WallTime(std::chrono::seconds(4'000'000'000)));
    REQUIRE(found);
    std::vector<StoredRecord> stored;
    for (const ring::RecordInfo& info : *found) {
        const auto meta = ring.readMeta(info.at);
        REQUIRE(meta);
        stored.push_back({meta->header, meta->samples});
    }
    return stored;
}

inline std::size_t unitsIn(const std::vector<StoredRecord>& records) {
    std::size_t units = 0;
    for (const StoredRecord& record : records) units += record.samples.size();
    return units;
}

/// `records` in the order of their numbers; these follow from the first one's on.
inline void checkGapsAreWhatIsMissing(const std::vector<BootTime>& sent,
                                      const std::vector<StoredRecord>& records) {
    std::set<BootTime> missing(sent.begin(), sent.end());
    std::uint64_t next = records.empty() ? 0 : records.front().header.sequence;
    for (const StoredRecord& record : records) {
        CHECK(record.header.sequence == next++);
        BootTime at = record.header.first_decode;
        for (const ring::Sample& sample : record.samples) {
            at += Duration(sample.decode_delta_ns);
            CHECK(missing.erase(at) == 1);
        }
    }
    for (const StoredRecord& record : records) {
        const ring::Gap& gap = record.header.gap;
        const auto from = missing.upper_bound(gap.since);
        const auto to = missing.lower_bound(record.header.first_decode);
        const bool declared = gap.reason != ring::GapReason::None;
        CHECK(std::int64_t{gap.dropped_units} == (declared ? std::distance(from, to) : 0));
        if (declared) missing.erase(from, to);
    }
    CHECK(missing.empty());
}

}  // namespace camgate::test
