// Erasing: keys are destroyed, records stay as noise until they are overwritten. Implements
// docs/design/sealing.md (Erasing).
#include <algorithm>

#include "base/log.hpp"
#include "ring/ring.hpp"

namespace camgate::ring {
namespace {

bool overlap(const DayRange& a, const DayRange& b) {
    return a.first <= b.last && b.first <= a.last;
}

WallTime startOf(std::int32_t day) {
    return WallTime(std::chrono::days(day));
}

}  // namespace

Result<std::uint32_t> Ring::eraseDays(std::uint64_t camera_tag, const DayRange& days) {
    const bool all_days = days.first == DayRange{}.first && days.last == DayRange{}.last;
    std::set<std::uint32_t> numbers;
    if (keys_.slots() != nullptr) {
        for (const auto& [number, slot] : keys_.slots()->slots()) {
            if (slot.state != SlotState::Key || slot.owner.camera_tag != camera_tag ||
                slot.owner.scope == KeyScope::Ring)
                continue;
            const auto of_slot = daysOf(number, slot.owner);
            if (all_days || (of_slot && overlap(*of_slot, days))) numbers.insert(number);
        }
        const std::array last{streams_.lastSequence(camera_tag, media::StreamKind::Main),
                              streams_.lastSequence(camera_tag, media::StreamKind::Sub)};
        // Also without numbers: what a failure left half done is completed.
        if (auto done = keys_.slots()->erase(numbers, cursor_.next_generation, last); !done) {
            forgetErased();
            return passOn(done.error(), "erasing");
        }
    }
    forgetErased();
    const auto count = static_cast<std::uint32_t>(numbers.size());
    if (count > 0) logEvent(LogLevel::Info, "ring", "footage-erased", {{"keys", count}});
    if (liesInClear(camera_tag, days)) {
        return fail(ErrorKind::FailedPrecondition,
                    "some of it was recorded in clear and stays until it is overwritten; format the ring to "
                    "be rid of it");
    }
    return count;
}

Status Ring::eraseAll() {
    if (keys_.slots() == nullptr) {
        return fail(ErrorKind::FailedPrecondition,
                    "the ring is not sealed: format it to be rid of what it holds");
    }
    const bool clear = std::ranges::any_of(extents_, [](const Extent& extent) {
        return std::ranges::any_of(extent.summaries,
                                   [](const auto& summary) { return summary.key_slot == 0; });
    });
    const auto done = keys_.slots()->eraseAll(cursor_.next_generation);
    forgetErased();
    if (!done) return passOn(done.error(), "erasing all");
    logEvent(LogLevel::Info, "ring", "footage-erased", {{"keys", "all"}});
    if (clear) {
        return fail(ErrorKind::FailedPrecondition,
                    "some of it was recorded in clear and stays until it is overwritten; format the ring to "
                    "be rid of it");
    }
    return {};
}

std::size_t Ring::keySlotsUsed() const {
    return keys_.slots() != nullptr ? keys_.slots()->slots().size() : 0;
}

std::vector<TimeSpan> Ring::erased(std::uint64_t camera_tag, WallTime from, WallTime to) const {
    std::vector<TimeSpan> spans;
    if (keys_.slots() == nullptr) return spans;
    for (const auto& [number, slot] : keys_.slots()->slots()) {
        if (slot.state != SlotState::Erased || slot.owner.camera_tag != camera_tag) continue;
        const auto days = daysOf(number, slot.owner);
        if (!days) continue;
        const TimeSpan span{startOf(days->first), startOf(days->last + 1)};
        if (span.from <= to && span.to > from) spans.push_back(span);
    }
    std::ranges::sort(spans, {}, &TimeSpan::from);
    return spans;
}

std::optional<DayRange> Ring::daysOf(std::uint32_t slot, const KeyOwner& owner) const {
    if (owner.scope == KeyScope::WallDay) return DayRange{owner.day, owner.day};
    if (owner.scope != KeyScope::BootDay) return std::nullopt;
    const TimeMap map = streams_.mapOf(owner.boot_session, {});
    if (map.quality == WallQuality::Unsynced) return std::nullopt;
    BootTime first(std::chrono::days(owner.day));
    BootTime last = first + std::chrono::days(1);
    std::optional<DayRange> recorded;
    for (const Extent& extent : extents_) {
        for (const StreamSummary& summary : extent.summaries) {
            if (summary.key_slot != slot) continue;
            if (!recorded)
                recorded = {dayOf(map.toWall(summary.first_decode)), dayOf(map.toWall(summary.last_decode))};
            recorded->first = std::min(recorded->first, dayOf(map.toWall(summary.first_decode)));
            recorded->last = std::max(recorded->last, dayOf(map.toWall(summary.last_decode)));
        }
    }
    return recorded ? recorded : DayRange{dayOf(map.toWall(first)), dayOf(map.toWall(last))};
}

bool Ring::liesInClear(std::uint64_t camera_tag, const DayRange& days) const {
    return std::ranges::any_of(extents_, [&](const Extent& extent) {
        return std::ranges::any_of(extent.summaries, [&](const StreamSummary& summary) {
            const TimeMap map = streams_.mapOf(summary.boot_session, summary.best_map);
            const DayRange recorded{dayOf(map.toWall(summary.first_decode)),
                                    dayOf(map.toWall(summary.last_decode))};
            return summary.key_slot == 0 && summary.camera_tag == camera_tag && overlap(recorded, days);
        });
    });
}

void Ring::forgetErased() {
    reader_.forget();
    for (Extent& extent : extents_) {
        std::erase_if(extent.summaries,
                      [this](const StreamSummary& summary) { return keys_.isErased(summary.key_slot); });
        if (!extent.index) continue;
        std::erase_if(*extent.index,
                      [this](const RecordInfo& record) { return keys_.isErased(record.key_slot); });
    }
}

Status Ring::releaseSlots() {
    const auto used = slotsInUse();
    std::set<std::uint32_t> unused;
    if (used) {
        for (const auto& [number, slot] : keys_.slots()->slots()) {
            const bool kept = slot.owner.scope == KeyScope::Ring || used->contains(number);
            if (slot.state == SlotState::Key && !kept) unused.insert(number);
        }
    }
    return keys_.slots()->release(unused, oldestGeneration());
}

std::optional<std::set<std::uint32_t>> Ring::slotsInUse() {
    std::set<std::uint32_t> used;
    for (std::uint32_t number = 0; number < extents_.size(); ++number) {
        const Extent& extent = extents_[number];
        for (const StreamSummary& summary : extent.summaries) used.insert(summary.key_slot);
        if (!extent.summaries_complete) {
            for (const RecordInfo& record : indexes_.of(number)) used.insert(record.key_slot);
        }
        // What cannot be read now may be readable at another start; of a retired extent nothing is waited
        // for.
        if (extent.unreadable && !extent.retired) return std::nullopt;
    }
    return used;
}

std::uint64_t Ring::oldestGeneration() const {
    std::uint64_t oldest = cursor_.next_generation;
    for (const Extent& extent : extents_) {
        if (extent.generation != 0) oldest = std::min(oldest, extent.generation);
    }
    return oldest;
}

}  // namespace camgate::ring
