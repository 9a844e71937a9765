// usage: scripts/bench evidence [--mutations N] [--clean N] [--seed S]
// Clips made by the clip builder over rings in memory, changed in every way of mutation.hpp, and unchanged
// ones of random shape: how many changes are found and located, how many clean clips are called changed, and
// what evidence costs in bytes and CPU. One JSON line each.
#include <malloc.h>

#include <cstdio>
#include <cstring>
#include <ctime>

#include "evidence/clip_check.hpp"
#include "mutation.hpp"
#include "support/crypto/golden_pki.hpp"
#include "support/evidence/samples.hpp"
#include "tools/verify/verdict.hpp"

using namespace camgate;
using namespace camgate::bench;
using namespace std::chrono_literals;

namespace {

struct Options {
    std::uint64_t mutations = 20'000;
    std::uint64_t clean = 10'000;
    std::uint64_t seed = 1;
};

double cpuSeconds() {
    return static_cast<double>(std::clock()) / CLOCKS_PER_SEC;
}

evidence::ClipReport check(const Bytes& bytes, const evidence::Manifest& manifest,
                           const std::string& sha256) {
    evidence::MemoryClip clip(bytes);
    return test::must(evidence::checkClip(clip, manifest, sha256));
}

/// Footage in the shapes that records come in.
void record(test::ClipRig& rig, std::mt19937_64& random) {
    const auto below = [&random](std::uint64_t limit) { return random() % limit; };
    rig.wish.samples = static_cast<std::size_t>(1 + below(12));
    rig.wish.sample_bytes = static_cast<std::size_t>(60 + below(200));
    rig.wish.step = 1s / static_cast<std::int64_t>(2 * rig.wish.samples);
    const std::uint64_t records = 2 + below(8);
    for (std::uint64_t i = 0; i < records; ++i) {
        auto draft = test::makeDraft(rig.wish);
        if (below(3) == 0 && draft.samples.size() > 2) {
            draft.samples[0].random_access = media::RandomAccess::Open;
            draft.header.starts_with = media::RandomAccess::Open;
            draft.samples[1].flags = media::kLeading;
            draft.samples[1].presentation_offset_ns = 30'000'000;
        }
        rig.append(std::move(draft));
        rig.next();
        if (below(12) == 0) rig.next(std::chrono::seconds(1 + below(9)));  // a record that is not there
        if (below(16) == 0) rig.wish.config = test::smallConfig(static_cast<std::uint8_t>(below(200)));
        if (below(20) == 0) {
            ++rig.wish.boot_session;
            rig.wish.time_map.offset += rig.wish.first_decode.time_since_epoch() + 2s;
            rig.wish.first_decode = BootTime(3s);
            rig.wish.time_map.offset -= 3s;
        }
    }
}

test::BuiltClip makeClip(const std::string& gateway, const std::string& camera, std::uint64_t seed) {
    std::mt19937_64 random(seed);
    test::ClipRig rig(gateway, camera);
    record(rig, random);
    return rig.clip(-1s, 200s);
}

std::vector<evidence::ClipUnit> unitsOf(const test::BuiltClip& clip) {
    evidence::MemoryClip bytes(clip.bytes);
    return test::must(evidence::findUnits(bytes, 1000)).units;
}

/// Twins have one shape and seed, and another camera or gateway.
std::vector<Sample> makeSamples(std::uint64_t seed) {
    std::vector<Sample> samples;
    for (std::size_t i = 0; i < 40; ++i) {
        const bool far = i % 2 == 0;
        for (const bool twin : {false, true}) {
            auto clip = makeClip(twin && far ? "cg-9" : "cg-1", twin && !far ? "yard" : "gate", seed + i);
            auto units = unitsOf(clip);
            samples.push_back({std::move(clip), std::move(units), 2 * i + (twin ? 0 : 1)});
        }
    }
    return samples;
}

bool signatureHolds(const evidence::Manifest& signed_one, const evidence::Manifest& shown,
                    const std::string& sha256) {
    static const crypto::Identity gateway = test::goldenIdentity("evidence");
    static const crypto::Certificate authority = test::goldenCertificate("ca");
    evidence::Manifest own = signed_one;
    own.gateway = "cg-1";  // the key that is at hand
    std::string text = test::must(evidence::signManifest(own, sha256, gateway));
    const std::string before = toBase64(asBytes(evidence::toJsonText(own)));
    own.records = shown.records;
    text.replace(text.find(before), before.size(), toBase64(asBytes(evidence::toJsonText(own))));
    return evidence::verifyManifest(text, authority, test::wall("2030-01-01T00:00:00Z")).has_value();
}

void benchMutations(const Options& options) {
    const auto samples = makeSamples(options.seed);
    Mutator mutator(samples, options.seed);
    const std::uint64_t each = options.mutations / Mutator::kinds().size();
    for (const auto& kind : Mutator::kinds()) {
        std::uint64_t made = 0, found = 0, located = 0;
        while (made < each) {
            const Sample& sample = mutator.anySample();
            const auto mutated = mutator.make(kind, sample);
            if (!mutated) continue;
            ++made;
            const auto report = check(mutated->bytes, mutated->manifest, sample.clip.sha256);
            const bool refused = mutated->manifest_changed &&
                                 !signatureHolds(sample.clip.manifest, mutated->manifest, sample.clip.sha256);
            const bool seen = mutated->manifest_changed ? refused : !report.findings.empty();
            const bool named = !report.findings.empty() && report.findings.front().record == mutated->record;
            found += seen ? 1 : 0;
            located += named ? 1 : 0;
            if (!seen || !named) {
                std::fprintf(stderr, "%s, record %zu: %s\n", kind.name, mutated->record,
                             report.findings.empty() ? "nothing found" : report.findings[0].detail.c_str());
            }
        }
        std::printf(
            R"({"bench":"evidence","kind":"%s","mutations":%llu,"found":%llu,"located":%llu,"seed":%llu})"
            "\n",
            kind.name, static_cast<unsigned long long>(made), static_cast<unsigned long long>(found),
            static_cast<unsigned long long>(located), static_cast<unsigned long long>(options.seed));
    }
}

void benchClean(const Options& options) {
    const crypto::Identity gateway = test::goldenIdentity("evidence");
    const crypto::Certificate authority = test::goldenCertificate("ca");
    const evidence::Authorities authorities{authority, authority, test::wall("2030-01-01T00:00:00Z")};
    std::uint64_t wrong = 0;
    std::uint64_t records = 0;
    for (std::uint64_t i = 0; i < options.clean; ++i) {
        const auto clip = makeClip("cg-1", "gate", (options.seed << 32U) + i);
        const std::string text = test::must(evidence::signManifest(clip.manifest, clip.sha256, gateway));
        evidence::MemoryClip bytes(clip.bytes);
        const auto findings = test::must(verify::judge(bytes, {text, std::nullopt}, authorities));
        records += clip.manifest.records.size();
        if (findings.verdict == verify::Verdict::Unchanged) continue;
        ++wrong;
        std::fprintf(stderr, "clean clip %llu: %s\n", static_cast<unsigned long long>(i),
                     verify::toText(findings).c_str());
    }
    std::printf(
        R"({"bench":"evidence","kind":"clean","clips":%llu,"records":%llu,"called_changed":%llu,"seed":%llu})"
        "\n",
        static_cast<unsigned long long>(options.clean), static_cast<unsigned long long>(records),
        static_cast<unsigned long long>(wrong), static_cast<unsigned long long>(options.seed));
}

/// A minute of 2 Mbit/s at 25 pictures a second in records of 1.2 s, as the batcher forms them.
void benchCost() {
    test::ClipRig rig;
    rig.wish.samples = 30;
    rig.wish.sample_bytes = 10'000;
    rig.wish.step = 40ms;
    for (int i = 0; i < 50; ++i) {
        rig.append(test::makeDraft(rig.wish));
        rig.next(1200ms);
    }
    const auto plan_made = cpuSeconds();
    const auto clip = rig.clip(100s - 100s, 61s);
    const auto built = cpuSeconds();
    constexpr int kRounds = 10;
    for (int i = 0; i < kRounds; ++i) {
        if (!check(clip.bytes, clip.manifest, clip.sha256).findings.empty()) std::abort();
    }
    const auto checked = cpuSeconds();
    std::uint64_t payload = 0, boxes = 0;
    for (const auto& unit : unitsOf(clip)) {
        payload += unit.end - unit.payload;
        boxes += unit.moof - unit.offset;
    }
    const double mib = static_cast<double>(clip.bytes.size()) / (1U << 20U);
    std::printf(
        R"({"bench":"evidence","kind":"cost","clip_bytes":%zu,"payload_bytes":%llu,"record_box_bytes":%llu,)"
        R"("record_box_share":%.5f,"manifest_bytes":%zu,"manifest_share":%.5f,)"
        R"("plan_and_build_cpu_ms_per_mib":%.2f,"verify_cpu_ms_per_mib":%.2f})"
        "\n",
        clip.bytes.size(), static_cast<unsigned long long>(payload), static_cast<unsigned long long>(boxes),
        static_cast<double>(boxes) / static_cast<double>(payload), evidence::toJsonText(clip.manifest).size(),
        static_cast<double>(evidence::toJsonText(clip.manifest).size()) / static_cast<double>(payload),
        (built - plan_made) * 1000 / mib, (checked - built) * 1000 / kRounds / mib);
}

std::size_t heapBytes() {
    return ::mallinfo2().uordblks;
}

/// Heap beyond the plan while a clip is read from end to end, and while it is checked.
void benchMemory() {
    for (const int minutes : {1, 10, 60}) {
        test::ClipRig rig("cg-1", "gate", 256U << 20U);
        rig.wish.samples = 30;
        rig.wish.sample_bytes = 2000;
        rig.wish.step = 40ms;
        for (int i = 0; i < minutes * 50; ++i) {
            rig.append(test::makeDraft(rig.wish));
            rig.next(1200ms);
        }
        const clip::ClipRequest request{"gate", test::ClipRig::kStart,
                                        test::ClipRig::kStart + minutes * 60s - 2s, clip::Quality::Full, ""};
        clip::ClipBuilder builder(*rig.ring, test::must(clip::makePlan(*rig.ring, request)));
        const std::size_t before = heapBytes();
        std::size_t peak = before;
        for (std::uint64_t at = 0; at < builder.layout().bytes();) {
            const Bytes part = test::must(builder.read(at, 256U << 10U));
            at += part.size();
            peak = std::max(peak, heapBytes());
        }
        std::printf(R"({"bench":"evidence","kind":"memory","clip_minutes":%d,"clip_bytes":%llu,)"
                    R"("records":%zu,"heap_while_read_kib":%zu})"
                    "\n",
                    minutes, static_cast<unsigned long long>(builder.layout().bytes()),
                    builder.records().size(), (peak - before) >> 10U);
    }
}

}  // namespace

int main(int argc, char** argv) {
    Options options;
    for (int i = 1; i + 1 < argc; i += 2) {
        const std::uint64_t value = std::strtoull(argv[i + 1], nullptr, 10);
        if (std::strcmp(argv[i], "--mutations") == 0) options.mutations = value;
        if (std::strcmp(argv[i], "--clean") == 0) options.clean = value;
        if (std::strcmp(argv[i], "--seed") == 0) options.seed = value;
    }
    benchCost();
    benchMemory();
    benchClean(options);
    benchMutations(options);
    return 0;
}
