#include "tools/replay/frame_book.hpp"

#include <algorithm>
#include <iterator>

namespace camgate::replay {
namespace {

/// Pictures are reordered by less than this; a time that lies further back is another clock's.
constexpr Duration kLongestReorder = std::chrono::seconds(2);

}  // namespace

std::optional<BootTime> FrameBook::believable(const UnitTimes& times, Duration period) {
    // Once times of decoding have stood in, pictures and units cannot be told apart by their times any more.
    if (!times.presentation) by_order_ = true;
    const std::optional<Duration> given = by_order_ ? times.decode : times.presentation;
    if (!given) return std::nullopt;
    BootTime time = kStart + *given + shift_;
    if (latest_ && time + kLongestReorder < *latest_) {
        shift_ += *latest_ + period - time;
        time = *latest_ + period;
    }
    const bool used = pending_.contains(time) || (by_order_ && latest_ && time <= *latest_);
    return used ? std::nullopt : std::optional(time);
}

BootTime FrameBook::addUnit(const UnitTimes& times, Duration period) {
    const std::lock_guard lock(mutex_);
    const BootTime time = believable(times, period).value_or(latest_ ? *latest_ + period : kStart);
    ++units_;
    pending_.insert(time);
    earliest_ = std::min(earliest_.value_or(time), time);
    latest_ = std::max(latest_.value_or(time), time);
    return time;
}

std::optional<FrameTime> FrameBook::onPicture(BootTime time) {
    const std::lock_guard lock(mutex_);
    if (by_order_ && !pending_.empty()) time = *pending_.begin();
    const auto found = pending_.find(time);
    if (found == pending_.end()) return std::nullopt;
    const auto passed = std::distance(pending_.begin(), found);
    pending_.erase(pending_.begin(), std::next(found));
    const FrameTime out{next_frame_ + passed, time};
    next_frame_ = out.frame + 1;
    return out;
}

std::int64_t FrameBook::frames() const {
    const std::lock_guard lock(mutex_);
    return units_;
}

Duration FrameBook::length() const {
    const std::lock_guard lock(mutex_);
    return earliest_ ? *latest_ - *earliest_ : Duration::zero();
}

}  // namespace camgate::replay
