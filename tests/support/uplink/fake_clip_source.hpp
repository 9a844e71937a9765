// Footage that a test makes up: a clip's bytes follow from its range, its plan is the request. Answers come
// on the loop. Footage can vanish, reads can fail, signing can be absent.
#pragma once

#include <map>
#include <set>
#include <stdexcept>
#include <string>

#include "base/wall_text.hpp"
#include "clip/clip.hpp"
#include "crypto/hash.hpp"
#include "evidence/manifest.hpp"
#include "support/base/fake_loop.hpp"

namespace camgate::test {

class FakeClipSource final : public clip::ClipSource {
  public:
    explicit FakeClipSource(FakeLoop& loop) : loop_(loop) {}

    void plan(const clip::ClipRequest& request, Answer<clip::PlannedClip> answer) override {
        ++plans;
        if (plan_error) return later<clip::PlannedClip>(std::unexpected(*plan_error), std::move(answer));
        const std::string text =
            request.camera + " " + formatWallTime(request.from) + " " + formatWallTime(request.to);
        later<clip::PlannedClip>(openPlan(text), std::move(answer));
    }
    void reopen(const Bytes& plan, Answer<clip::PlannedClip> answer) override {
        ++reopens;
        if (gone)
            return later<clip::PlannedClip>(fail(ErrorKind::NotFound, "overwritten"), std::move(answer));
        later<clip::PlannedClip>(openPlan(std::string(asText(plan))), std::move(answer));
    }
    void read(const std::string& id, std::uint64_t offset, std::size_t length_bytes,
              Answer<Bytes> answer) override {
        ++reads;
        if (gone) return later<Bytes>(fail(ErrorKind::NotFound, "overwritten"), std::move(answer));
        if (!held.contains(id)) return later<Bytes>(fail(ErrorKind::NotFound, "not open"), std::move(answer));
        if (failing_reads > 0) {
            --failing_reads;
            return later<Bytes>(fail(ErrorKind::Unavailable, "the card stalls"), std::move(answer));
        }
        const Bytes& all = bytesOf(id);
        const auto from = all.begin() + static_cast<std::ptrdiff_t>(offset);
        later<Bytes>(Bytes(from, from + static_cast<std::ptrdiff_t>(length_bytes)), std::move(answer));
    }
    void sign(const std::string& id, const std::string& sha256_hex, Answer<std::string> answer) override {
        later<std::string>(
            R"({"manifest":")" + id + R"(","sha256":")" + sha256_hex + R"(","cert":"c","sig":"s"})",
            std::move(answer));
    }
    void prove(const std::string&, Answer<std::string> answer) override {
        later<std::string>(fail(ErrorKind::NotFound, "no ledger"), std::move(answer));
    }
    void release(const std::string& id) override {
        held.erase(id);
        ++releases;
    }

    const Bytes& bytesOf(const std::string& id) {
        Bytes& bytes = made_[id];
        if (bytes.size() == size_bytes) return bytes;
        bytes.resize(size_bytes);
        std::uint32_t state = 1;
        for (const char c : id) state = state * 31 + static_cast<std::uint8_t>(c);
        for (auto& byte : bytes) {
            state = state * 1664525 + 1013904223;
            byte = static_cast<std::uint8_t>(state >> 24U);
        }
        return bytes;
    }

    std::size_t size_bytes = 100'000;
    std::optional<Error> plan_error;
    bool gone = false;
    int failing_reads = 0;
    int plans = 0, reopens = 0, reads = 0, releases = 0;
    std::size_t manifest_records = 2;
    std::set<std::string> held;

  private:
    template <class T>
    void later(Result<T> result, Answer<T> answer) {
        loop_.post([result = std::move(result), answer = std::move(answer)]() mutable {
            answer(std::move(result));
        });
    }
    clip::PlannedClip openPlan(const std::string& text) {
        const std::string id = toHex(crypto::sha256(asBytes(text)));
        held.insert(id);
        if (held.size() > 16) throw std::runtime_error("more clips than a source holds open");
        evidence::Manifest manifest;
        manifest.clip = id;
        manifest.gateway = "cg-1";
        manifest.camera = "gate";
        manifest.stream = media::StreamKind::Sub;
        manifest.asked = {WallTime(std::chrono::seconds(1000)), WallTime(std::chrono::seconds(1010))};
        manifest.covered = manifest.asked;
        manifest.sealed = "no";
        manifest.builder = "fake-1";
        manifest.files = {{"1.mp4", size_bytes, media::Codec::H264, 640, 360, manifest_records}};
        for (std::size_t i = 0; i < manifest_records; ++i)
            manifest.records.push_back(
                {{1, i}, crypto::sha256(asBytes("leaf")), 10, 100, manifest.asked.from});
        return {id, size_bytes, evidence::toJsonText(manifest), Bytes(text.begin(), text.end())};
    }

    FakeLoop& loop_;
    std::map<std::string, Bytes> made_;
};

}  // namespace camgate::test
