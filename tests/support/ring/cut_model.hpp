// What a ring promised, and whether one that was started after a cut keeps it. Records are told apart by
// camera, life (the run of the daemon that wrote them) and sequence; their bytes follow from these, so that a
// wrong frame is known when it is read. Header only. One thread.
#pragma once

#include <map>
#include <optional>
#include <random>
#include <string>
#include <tuple>

#include "ring/ring.hpp"
#include "support/ring/draft_maker.hpp"
#include "support/ring/sim_card.hpp"

namespace camgate::test {

struct RecordName {
    std::uint64_t camera = 0;
    std::uint64_t life = 0;
    std::uint64_t sequence = 0;
    auto operator<=>(const RecordName&) const = default;
    std::string text() const {
        return "camera " + std::to_string(camera) + ", life " + std::to_string(life) + ", record " +
               std::to_string(sequence);
    }
};

inline RecordName nameOf(const ring::RecordInfo& info) {
    return {info.header.camera_tag, info.header.boot_session, info.header.sequence};
}

/// The record of that name, always the same.
inline ring::RecordDraft draftOf(const RecordName& name) {
    std::mt19937_64 random(name.camera * 7919 + name.life * 104729 + name.sequence);
    DraftWish wish;
    wish.camera_tag = name.camera;
    wish.boot_session = name.life;
    wish.sequence = name.sequence;
    wish.samples = static_cast<std::size_t>(1 + random() % 3);
    wish.sample_bytes = static_cast<std::size_t>(64 + random() % 2500);
    wish.first_decode = BootTime(std::chrono::seconds(100 + name.sequence));
    ring::RecordDraft draft = makeDraft(wish);
    for (std::size_t i = 0; i < draft.units.size(); ++i) {
        draft.units[i] =
            unitBytes(name.camera + name.life * 1'000'003, name.sequence, i, draft.units[i].size());
    }
    return draft;
}

class CutModel {
  public:
    void acknowledge(const ring::RecordInfo& info) { promised_[info.at.extent].insert(nameOf(info)); }
    /// What lay in the extent may be gone from now on.
    void giveUp(std::uint32_t extent) { promised_.erase(extent); }
    std::size_t promised() const {
        std::size_t count = 0;
        for (const auto& [extent, names] : promised_) count += names.size();
        return count;
    }
    /// What a start found, promised or not, is durable: from now on it is promised.
    void adopt(ring::Ring& ring, const std::vector<std::uint64_t>& cameras) {
        promised_.clear();
        for (const auto camera : cameras) {
            for (const ring::RecordInfo& info : list(ring, camera)) acknowledge(info);
        }
    }

    /// What is wrong with the ring, if anything. `random` chooses which of the old records are read whole.
    std::optional<std::string> check(ring::Ring& ring, const std::vector<std::uint64_t>& cameras,
                                     CardModel model, std::mt19937_64& random) {
        for (const auto camera : cameras) {
            const auto found = list(ring, camera);
            std::map<std::uint64_t, std::uint64_t> life_of;  // by sequence
            const std::size_t recent = found.size() > 12 ? found.size() - 12 : 0;
            for (std::size_t i = 0; i < found.size(); ++i) {
                life_of[found[i].header.sequence] = found[i].header.boot_session;
                if (i < recent && random() % 16 != 0) continue;
                if (auto wrong = checkContent(ring, found[i], model)) return wrong;
            }
            if (auto lost = checkPromises(camera, found, life_of, model)) return lost;
        }
        return std::nullopt;
    }

    /// Its bytes are those that its name stands for.
    static bool isRight(ring::Ring& ring, const ring::RecordInfo& info) {
        const auto meta = ring.readMeta(info.at);
        Bytes payload(info.header.payload_bytes);
        if (!meta || !ring.readPayload(info.at, 0, payload)) return false;
        return isWhatWasWritten(*meta, payload, nameOf(info));
    }

    std::uint64_t declared_lost = 0;  ///< promised, not there, and the reader says so

    static std::vector<ring::RecordInfo> list(ring::Ring& ring, std::uint64_t camera) {
        auto found = ring.find(camera, media::StreamKind::Main, WallTime(std::chrono::seconds(0)),
                               WallTime(std::chrono::seconds(4'000'000'000)));
        return found ? *found : std::vector<ring::RecordInfo>{};
    }

  private:
    std::optional<std::string> checkContent(ring::Ring& ring, const ring::RecordInfo& info, CardModel model) {
        const auto meta = ring.readMeta(info.at);
        Bytes payload(info.header.payload_bytes);
        const Status read = ring.readPayload(info.at, 0, payload);
        if (!meta || !read) {
            // A record that says it is damaged is an interval that is declared missing.
            ++declared_lost;
            if (model == CardModel::Collateral) return std::nullopt;
            return nameOf(info).text() + " is in the index and cannot be read";
        }
        if (isWhatWasWritten(*meta, payload, nameOf(info))) return std::nullopt;
        return nameOf(info).text() + " is not what was written";
    }

    static bool isWhatWasWritten(const ring::RecordMeta& meta, ByteView payload, const RecordName& name) {
        const ring::RecordDraft expected = draftOf(name);
        if (meta.samples != expected.samples || meta.header.first_decode != expected.header.first_decode)
            return false;
        for (const Bytes& unit : expected.units) {
            if (!std::ranges::equal(unit, payload.first(unit.size()))) return false;
            payload = payload.subspan(unit.size());
        }
        return true;
    }

    std::optional<std::string> checkPromises(std::uint64_t camera, const std::vector<ring::RecordInfo>& found,
                                             const std::map<std::uint64_t, std::uint64_t>& life_of,
                                             CardModel model) {
        for (const auto& [extent, names] : promised_) {
            for (const RecordName& name : names) {
                if (name.camera != camera) continue;
                const auto it = life_of.find(name.sequence);
                if (it != life_of.end() && it->second == name.life) continue;
                if (model == CardModel::Honest) return name.text() + " was acknowledged and is lost";
                if (!isDeclared(name, found)) return name.text() + " is lost and nothing says so";
                ++declared_lost;
            }
        }
        return std::nullopt;
    }

    /// A reader sees a hole in the numbers, another life, or an end.
    static bool isDeclared(const RecordName& name, const std::vector<ring::RecordInfo>& found) {
        const auto next = std::ranges::find_if(
            found, [&name](const ring::RecordInfo& info) { return info.header.sequence >= name.sequence; });
        if (next == found.begin() || next == found.end()) return true;
        const auto& before = (next - 1)->header;
        return next->header.sequence != before.sequence + 1 ||
               next->header.boot_session != before.boot_session ||
               next->header.gap.reason != ring::GapReason::None;
    }

    std::map<std::uint32_t, std::set<RecordName>> promised_;  // by extent
};

}  // namespace camgate::test
