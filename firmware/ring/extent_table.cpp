#include "ring/extent_table.hpp"

#include <algorithm>
#include <numeric>
#include <string>

namespace camgate::ring {
namespace {

/// One that is written, one that is ready, one with footage.
constexpr std::uint32_t kLeastExtents = 3;
constexpr std::uint32_t kMostPercent = 90;

}  // namespace

Result<ExtentTable> ExtentTable::make(std::uint32_t count, const ClassShares& shares) {
    const std::uint32_t percent = std::accumulate(shares.percent.begin(), shares.percent.end(), 0U);
    if (percent > kMostPercent) {
        return fail(ErrorKind::InvalidArgument, "retention classes ask for " + std::to_string(percent) +
                                                    " % of the ring, at most " +
                                                    std::to_string(kMostPercent) + " can be given out");
    }
    ExtentTable table(count, shares);
    table.shareOut();
    if (percent > 0 && table.targets_[0] < kLeastExtents) {
        return fail(ErrorKind::InvalidArgument,
                    "the ring's " + std::to_string(count) +
                        " extents are too few for its retention classes: each needs " +
                        std::to_string(kLeastExtents) + "; make extents smaller or classes fewer");
    }
    return table;
}

void ExtentTable::shareOut() {
    const std::uint32_t usable = size() - retired();
    targets_[0] = usable;
    for (std::size_t i = 0; i < shares_.percent.size(); ++i) {
        if (shares_.percent[i] == 0) continue;
        const auto target = static_cast<std::uint32_t>(std::uint64_t{usable} * shares_.percent[i] / 100);
        targets_[i + 1] = std::max(target, kLeastExtents);
        targets_[0] -= std::min(targets_[0], targets_[i + 1]);
    }
}

bool ExtentTable::holds(const RecordLocation& at) const {
    return at.extent < size() && extents_[at.extent].state != ExtentState::Unused &&
           extents_[at.extent].generation == at.generation;
}

bool ExtentTable::isWritten(std::uint8_t retention_class) const {
    return retention_class < kRetentionClasses &&
           (retention_class == 0 || shares_.percent[retention_class - 1U] > 0);
}

std::uint32_t ExtentTable::used(std::uint8_t retention_class) const {
    return static_cast<std::uint32_t>(
        std::ranges::count_if(extents_, [retention_class](const Extent& extent) {
            return extent.state != ExtentState::Unused && !extent.retired &&
                   extent.retention_class == retention_class;
        }));
}

template <class Fits>
std::optional<std::uint32_t> ExtentTable::oldest(const PinTable& pins, Fits fits) const {
    std::optional<std::uint32_t> found;
    for (std::uint32_t number = 0; number < size(); ++number) {
        const Extent& extent = extents_[number];
        if (extent.state == ExtentState::Open || extent.chosen || extent.retired || !fits(extent) ||
            pins.holds(number))
            continue;
        if (!found || extent.generation < extents_[*found].generation) found = number;
    }
    return found;
}

Result<std::uint32_t> ExtentTable::nextFor(std::uint8_t retention_class, const PinTable& pins) const {
    const auto unused = [](const Extent& extent) { return extent.state == ExtentState::Unused; };
    if (const auto found = oldest(pins, unused)) return *found;
    std::array<bool, kRetentionClasses> over{};
    for (std::uint8_t i = 0; i < kRetentionClasses; ++i) {
        over[i] = used(i) + (i == retention_class ? 1 : 0) > targets_[i];
    }
    const auto of_those_over = [&over](const Extent& extent) { return over[extent.retention_class]; };
    if (const auto found = oldest(pins, of_those_over)) return *found;
    // Recording goes on before shares are kept.
    if (const auto found = oldest(pins, [](const Extent&) { return true; })) return *found;
    return fail(ErrorKind::Unavailable, "no extent is left to write: clips hold " +
                                            std::to_string(pins.extentsHeld()) + ", the card failed in " +
                                            std::to_string(retired()) + " of " + std::to_string(size()));
}

std::uint32_t ExtentTable::retired() const {
    return static_cast<std::uint32_t>(std::ranges::count_if(extents_, &Extent::retired));
}

void ExtentTable::retire(std::uint32_t extent) {
    extents_[extent].retired = true;
    shareOut();
}

void ExtentTable::forgetOutlived() {
    for (Extent& retired : extents_) {
        if (!retired.retired || retired.state == ExtentState::Unused) continue;
        if (used(retired.retention_class) < targets_[retired.retention_class]) continue;
        const auto outlives = [&retired](const Extent& extent) {
            return !extent.retired && extent.state != ExtentState::Unused &&
                   extent.retention_class == retired.retention_class &&
                   extent.generation < retired.generation;
        };
        if (std::ranges::any_of(extents_, outlives)) continue;
        retired.state = ExtentState::Unused;
        retired.summaries.clear();
        retired.index.reset();
    }
}

std::set<std::uint64_t> ExtentTable::boots() const {
    std::set<std::uint64_t> boots;
    for (const Extent& extent : extents_) {
        for (const StreamSummary& summary : extent.summaries) boots.insert(summary.boot_session);
    }
    return boots;
}

}  // namespace camgate::ring
