// Documents of evidence/ to start tests from, and a CounterStore in memory.
#pragma once

#include <map>
#include <string>

#include "base/wall_text.hpp"
#include "evidence/checkpoint.hpp"
#include "evidence/counter_store.hpp"
#include "evidence/envelope.hpp"
#include "evidence/manifest.hpp"

namespace camgate::test {

inline WallTime wall(std::string_view text) {
    return parseWallTime(text).value();
}

class MemoryCounterStore final : public evidence::CounterStore {
  public:
    Result<std::uint64_t> highest(std::string_view signer) override {
        if (fail_reads) return fail(ErrorKind::Unavailable, "reading");
        const auto found = counters.find(std::string(signer));
        return found == counters.end() ? 0 : found->second;
    }
    Status store(std::string_view signer, std::uint64_t counter) override {
        if (fail_writes) return fail(ErrorKind::NoSpace, "writing");
        counters[std::string(signer)] = counter;
        return {};
    }

    std::map<std::string, std::uint64_t> counters;
    bool fail_reads = false;
    bool fail_writes = false;
};

inline evidence::EnvelopeDraft sampleDraft() {
    const std::string payload = R"({"camera":"gate","from":"2030-01-01T00:00:00Z"})";
    return {"clip.request",
            "cg-1",
            17,
            wall("2030-01-01T12:00:00Z"),
            wall("2030-01-01T12:05:00Z"),
            Bytes(payload.begin(), payload.end())};
}

inline evidence::Manifest sampleManifest() {
    evidence::Manifest manifest;
    manifest.clip = std::string(64, 'a');
    manifest.gateway = "cg-1";
    manifest.camera = "gate";
    manifest.stream = media::StreamKind::Sub;
    manifest.quality = evidence::ClipQuality::Preview;
    manifest.asked = {wall("2030-01-01T12:00:00Z"), wall("2030-01-01T12:00:20Z")};
    manifest.covered = {wall("2030-01-01T11:59:59.500Z"), wall("2030-01-01T12:00:20.100Z")};
    manifest.time_quality = WallQuality::Ntp;
    manifest.error_bound = std::chrono::milliseconds(12);
    manifest.reason = "case 2030/17";
    manifest.sealed = "no";
    manifest.builder = "mp4-1";
    manifest.files = {{"gate-1.mp4", 1000, media::Codec::H264, 640, 360, 1},
                      {"gate-2.mp4", 77, media::Codec::H265, 1920, 1080, 1}};
    manifest.records = {
        {{0x0123456789ABCDEF, 41}, crypto::sha256(asBytes("41")), 18, 900, manifest.covered.from},
        {{0x0123456789ABCDEF, 42}, crypto::sha256(asBytes("42")), 3, 177, manifest.asked.from}};
    manifest.gaps = {{{wall("2030-01-01T12:00:05Z"), wall("2030-01-01T12:00:06Z")}, "camera"}};
    return manifest;
}

inline evidence::Checkpoint sampleCheckpoint() {
    evidence::Checkpoint checkpoint;
    checkpoint.gateway = "cg-1";
    checkpoint.camera = "gate";
    checkpoint.stream = media::StreamKind::Main;
    checkpoint.ring = "00112233445566778899aabbccddeeff";
    checkpoint.first = {0xF000000000000001, 41};
    checkpoint.last = {0xF000000000000001, 540};
    checkpoint.leaves = 500;
    checkpoint.from = wall("2030-01-01T12:00:00Z");
    checkpoint.to = wall("2030-01-01T12:10:00Z");
    checkpoint.root = crypto::sha256(asBytes("root"));
    checkpoint.previous = crypto::sha256(asBytes("previous"));
    // 2^60 and a bit: more than a double keeps exact.
    checkpoint.time_map = {Duration(1'152'921'504'606'846'977), WallQuality::Rtc,
                           std::chrono::milliseconds(1500)};
    checkpoint.made = BootTime(Duration(123'456'789));
    checkpoint.watermark = {0xF000000000000001, 541};
    return checkpoint;
}

}  // namespace camgate::test
