// What a ring promised, and whether one that was started after a cut keeps it. A record's bytes follow from
// its name, so that a wrong frame is known when it is read. Header only. One thread.
#pragma once

#include <random>
#include <set>
#include <vector>

#include "ring/ring.hpp"
#include "support/ring/draft_maker.hpp"
#include "support/ring/erased_days.hpp"
#include "support/ring/sim_card.hpp"

namespace camgate::test {

/// The record of that name, always the same.
inline ring::RecordDraft draftOf(const RecordName& name) {
    std::mt19937_64 random(name.camera * 7919 + name.life * 104729 + name.sequence);
    DraftWish wish;
    wish.camera_tag = name.camera;
    wish.boot_session = name.life;
    wish.sequence = name.sequence;
    wish.samples = static_cast<std::size_t>(1 + random() % 3);
    wish.sample_bytes = static_cast<std::size_t>(64 + random() % 2500);
    wish.first_decode = bootTimeOf(name);
    wish.time_map = timeMapOf(name.life);
    ring::RecordDraft draft = makeDraft(wish);
    for (std::size_t i = 0; i < draft.units.size(); ++i) {
        draft.units[i] =
            unitBytes(name.camera + name.life * 1'000'003, name.sequence, i, draft.units[i].size());
    }
    return draft;
}

constexpr const char* kSimGateway = "gw-1";

/// A disk with an empty ring of the smallest extents.
inline SimDisk simDiskWithRing(std::uint32_t extents, std::mt19937_64& random) {
    ring::RingFileHeader header;
    for (auto& byte : header.id) byte = static_cast<std::uint8_t>(random());
    header.gateway = kSimGateway;
    header.extent_bytes = ring::kLeastExtent_bytes;
    header.extent_count = extents;
    SimDisk disk(header.fileBytes());
    const Bytes block = ring::encodeRingHeader(header);
    disk.write(0, block);
    disk.write(ring::kHeaderCopy_bytes, block);
    return disk;
}

class CutModel {
  public:
    void acknowledge(const ring::RecordInfo& info) { promised_[info.at.extent].insert(nameOf(info)); }
    /// What lay in the extent may be gone from now on.
    void giveUp(std::uint32_t extent) {
        promised_.erase(extent);
        gone_.erase(extent);
    }
    /// From now on its records may be there or not, each day as a whole.
    void beginErasing(const ErasedDays& days) {
        erasing_ = days;
        // A factory reset forgets whose the days were.
        if (!days.camera) gone_.clear();
    }
    /// From now on no record of the days that was written so far may ever be seen again.
    void endErasing(std::uint64_t life, const std::map<std::uint64_t, std::uint64_t>& next) {
        erased_.push_back({*erasing_, life, next});
        for (auto& [extent, names] : promised_) {
            for (const RecordName& name : names) {
                if (erasing_->covers(name) && erasing_->isSaid(name)) gone_[extent].insert(name);
            }
            std::erase_if(names, [this](const RecordName& name) { return erasing_->covers(name); });
        }
        erasing_.reset();
    }
    std::size_t promised() const {
        std::size_t count = 0;
        for (const auto& [extent, names] : promised_) count += names.size();
        return count;
    }
    /// What a start found, promised or not, is durable: from now on it is promised.
    void adopt(ring::Ring& ring, const std::vector<std::uint64_t>& cameras) {
        promised_.clear();
        erasing_.reset();
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
                if (wasErased(nameOf(found[i]))) return nameOf(found[i]).text() + " was erased and is back";
                if (i < recent && random() % 16 != 0) continue;
                if (auto wrong = checkContent(ring, found[i], model)) return wrong;
            }
            if (auto lost = checkPromises(ring, camera, found, life_of, model)) return lost;
            if (auto unsaid = checkErased(ring, camera, model)) return unsaid;
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

    struct Erased {
        ErasedDays days;
        std::uint64_t life = 0;
        std::map<std::uint64_t, std::uint64_t> next;  // what was numbered lower, by camera
    };

    bool wasErased(const RecordName& name) const {
        return std::ranges::any_of(erased_, [&name](const Erased& each) {
            const auto next = each.next.find(name.camera);
            const bool older = name.life < each.life || (name.life == each.life && next != each.next.end() &&
                                                         name.sequence < next->second);
            return older && each.days.covers(name);
        });
    }

    static bool saysErased(const ring::Ring& ring, const RecordName& name) {
        const WallTime at = timeMapOf(name.life).toWall(bootTimeOf(name));
        return !ring.erased(name.camera, at, at).empty();
    }

    /// A reader is told `erased` as long as footage of the day would still lie there.
    std::optional<std::string> checkErased(const ring::Ring& ring, std::uint64_t camera,
                                           CardModel model) const {
        if (model == CardModel::Collateral) return std::nullopt;
        for (const auto& [extent, names] : gone_) {
            for (const RecordName& name : names) {
                if (name.camera == camera && !saysErased(ring, name))
                    return name.text() + " was erased and nothing says so";
            }
        }
        return std::nullopt;
    }

    std::optional<std::string> checkPromises(const ring::Ring& ring, std::uint64_t camera,
                                             const std::vector<ring::RecordInfo>& found,
                                             const std::map<std::uint64_t, std::uint64_t>& life_of,
                                             CardModel model) {
        std::map<ring::KeyOwner, bool> day_is_there;
        for (const auto& [extent, names] : promised_) {
            for (const RecordName& name : names) {
                if (name.camera != camera) continue;
                const auto it = life_of.find(name.sequence);
                const bool there = it != life_of.end() && it->second == name.life;
                if (erasing_ && erasing_->covers(name) && model == CardModel::Honest) {
                    const auto [day, first] = day_is_there.try_emplace(keyOwnerOf(name), there);
                    if (day->second != there) return name.text() + ": half of its day is erased";
                    if (!there && erasing_->isSaid(name) && !saysErased(ring, name))
                        return name.text() + " went while its day was erased and nothing says so";
                    continue;
                }
                if (there) continue;
                if (erasing_ && erasing_->covers(name)) continue;
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
    std::map<std::uint32_t, std::set<RecordName>> gone_;      // erased, and it is to be said
    std::optional<ErasedDays> erasing_;
    std::vector<Erased> erased_;
};

}  // namespace camgate::test
