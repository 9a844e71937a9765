// One change of a clip or of its manifest, of a kind that somebody who wants to deceive would try, and where
// it is. Header only.
#pragma once

#include <functional>
#include <optional>
#include <random>
#include <string>
#include <vector>

#include "evidence/clip_units.hpp"
#include "support/clip/clip_rig.hpp"

namespace camgate::bench {

struct Sample {
    test::BuiltClip clip;
    std::vector<evidence::ClipUnit> units;
    std::size_t twin = 0;  ///< a clip of the same shape, of another camera or gateway
};

struct Mutated {
    Bytes bytes;
    evidence::Manifest manifest;
    std::size_t record = 0;  ///< the first one that is touched
    bool manifest_changed = false;
};

class Mutator {
  public:
    Mutator(const std::vector<Sample>& samples, std::uint64_t seed) : samples_(samples), random_(seed) {}

    struct Kind {
        const char* name;
        /// Nothing: this clip does not lend itself to it.
        std::optional<Mutated> (Mutator::*make)(const Sample&);
    };
    static const std::vector<Kind>& kinds() {
        static const std::vector<Kind> all{{"bit-flip", &Mutator::flip},
                                           {"same-size-swap", &Mutator::swapPayloads},
                                           {"drop", &Mutator::drop},
                                           {"reorder", &Mutator::reorder},
                                           {"truncation", &Mutator::truncate},
                                           {"splice", &Mutator::splice},
                                           {"time-shift-record", &Mutator::shiftRecord},
                                           {"time-shift-table", &Mutator::shiftTable},
                                           {"time-shift-manifest", &Mutator::shiftManifest},
                                           {"leaf-in-manifest", &Mutator::forgeLeaf}};
        return all;
    }

    const Sample& anySample() { return samples_[below(samples_.size())]; }
    std::optional<Mutated> make(const Kind& kind, const Sample& sample) { return (this->*kind.make)(sample); }

  private:
    std::size_t below(std::size_t limit) {
        return std::uniform_int_distribution<std::size_t>(0, limit - 1)(random_);
    }
    static Mutated copyOf(const Sample& sample, std::size_t record) {
        return {sample.clip.bytes, sample.clip.manifest, record, false};
    }
    static std::size_t ownerOf(const Sample& sample, std::size_t at) {
        std::size_t owner = 0;
        for (std::size_t i = 0; i < sample.units.size(); ++i) {
            // What stands in front of a file's first record is that one's.
            if (at >= sample.units[i].front) owner = i;
        }
        return owner;
    }
    static Bytes part(const Bytes& bytes, std::uint64_t begin, std::uint64_t end) {
        return {bytes.begin() + static_cast<std::ptrdiff_t>(begin),
                bytes.begin() + static_cast<std::ptrdiff_t>(end)};
    }
    static void put(const Bytes& from, Bytes& into, std::uint64_t at) {
        std::copy(from.begin(), from.end(), into.begin() + static_cast<std::ptrdiff_t>(at));
    }
    static Bytes unitBytes(const Sample& sample, std::size_t unit) {
        return part(sample.clip.bytes, sample.units[unit].offset, sample.units[unit].end);
    }

    std::optional<Mutated> flip(const Sample& sample) {
        const std::size_t at = below(sample.clip.bytes.size());
        Mutated mutated = copyOf(sample, ownerOf(sample, at));
        mutated.bytes[at] = static_cast<std::uint8_t>(mutated.bytes[at] ^ 1U << below(8));
        return mutated;
    }

    std::optional<Mutated> swapPayloads(const Sample& sample) {
        const std::size_t a = below(sample.units.size()), b = below(sample.units.size());
        const Bytes one = part(sample.clip.bytes, sample.units[a].payload, sample.units[a].end);
        const Bytes other = part(sample.clip.bytes, sample.units[b].payload, sample.units[b].end);
        if (a == b || one.size() != other.size() || one == other) return std::nullopt;
        Mutated mutated = copyOf(sample, std::min(a, b));
        put(one, mutated.bytes, sample.units[b].payload);
        put(other, mutated.bytes, sample.units[a].payload);
        return mutated;
    }

    std::optional<Mutated> drop(const Sample& sample) {
        const std::size_t unit = below(sample.units.size());
        Mutated mutated = copyOf(sample, unit);
        mutated.bytes.erase(mutated.bytes.begin() + static_cast<std::ptrdiff_t>(sample.units[unit].offset),
                            mutated.bytes.begin() + static_cast<std::ptrdiff_t>(sample.units[unit].end));
        return mutated;
    }

    std::optional<Mutated> reorder(const Sample& sample) {
        const std::size_t a = below(sample.units.size()), b = below(sample.units.size());
        if (a >= b) return std::nullopt;
        Mutated mutated = copyOf(sample, a);
        mutated.bytes = part(sample.clip.bytes, 0, sample.units[a].offset);
        const auto add = [&](const Bytes& bytes) {
            mutated.bytes.insert(mutated.bytes.end(), bytes.begin(), bytes.end());
        };
        add(unitBytes(sample, b));
        add(part(sample.clip.bytes, sample.units[a].end, sample.units[b].offset));
        add(unitBytes(sample, a));
        add(part(sample.clip.bytes, sample.units[b].end, sample.clip.bytes.size()));
        return mutated;
    }

    std::optional<Mutated> truncate(const Sample& sample) {
        const std::size_t length = below(sample.clip.bytes.size());
        std::size_t whole = 0;
        while (whole < sample.units.size() && sample.units[whole].end <= length) ++whole;
        Mutated mutated = copyOf(sample, whole);
        mutated.bytes.resize(length);
        return mutated;
    }

    std::optional<Mutated> splice(const Sample& sample) {
        const Sample& twin = samples_[sample.twin];
        const std::size_t unit = below(sample.units.size());
        const Bytes foreign = unitBytes(twin, unit);
        if (foreign.size() != unitBytes(sample, unit).size()) return std::nullopt;
        Mutated mutated = copyOf(sample, unit);
        put(foreign, mutated.bytes, sample.units[unit].offset);
        return mutated;
    }

    /// Boot times and time map of the canonical header: bytes 40 to 63 of it, behind 24 of the box.
    std::optional<Mutated> shiftRecord(const Sample& sample) {
        const std::size_t unit = below(sample.units.size());
        return addAt(sample, unit, sample.units[unit].offset + 24 + 40 + 8 * below(3));
    }
    /// tfdt or a duration of the fragment's table.
    std::optional<Mutated> shiftTable(const Sample& sample) {
        const std::size_t unit = below(sample.units.size());
        constexpr std::size_t kBaseTime = 8 + 16 + 8 + 16 + 12, kFirstDuration = kBaseTime + 8 + 20;
        return addAt(sample, unit,
                     sample.units[unit].moof + (below(2) == 0 ? kBaseTime : kFirstDuration) + 3);
    }
    std::optional<Mutated> addAt(const Sample& sample, std::size_t record, std::uint64_t at) {
        Mutated mutated = copyOf(sample, record);
        auto& byte = mutated.bytes[static_cast<std::size_t>(at)];
        byte = static_cast<std::uint8_t>(byte + 1 + below(255));
        return mutated;
    }

    std::optional<Mutated> shiftManifest(const Sample& sample) {
        Mutated mutated = copyOf(sample, below(sample.units.size()));
        mutated.manifest_changed = true;
        const auto by = std::chrono::milliseconds(5 + below(3'600'000));
        auto& start = mutated.manifest.records[mutated.record].start;
        start = below(2) == 0 ? start + by : start - by;
        return mutated;
    }

    std::optional<Mutated> forgeLeaf(const Sample& sample) {
        Mutated mutated = copyOf(sample, below(sample.units.size()));
        mutated.manifest_changed = true;
        mutated.manifest.records[mutated.record].leaf[below(32)] ^= static_cast<std::uint8_t>(1 + below(255));
        return mutated;
    }

    const std::vector<Sample>& samples_;
    std::mt19937_64 random_;
};

}  // namespace camgate::bench
