#include "media/timestamp_mender.hpp"

#include <algorithm>

#include "media/sequence_info.hpp"

namespace camgate::media {
namespace {

using std::chrono::milliseconds;
using std::chrono::nanoseconds;
using std::chrono::seconds;

constexpr std::int64_t kJump_ns = nanoseconds(kJump).count();
constexpr std::int64_t kMaxEarly_ns = nanoseconds(kMaxEarly).count();
constexpr std::int64_t kMaxLate_ns = nanoseconds(kMaxLate).count();
constexpr std::int64_t kSteadyLate_ns = nanoseconds(kSteadyLate).count();
constexpr std::int64_t kMinStep_ns = nanoseconds(kMinStep).count();
constexpr std::int64_t kWindow_ns = nanoseconds(seconds(3)).count();
constexpr std::int64_t kUrgent_ns = nanoseconds(milliseconds(250)).count();
constexpr std::int64_t kTolerated_ns = nanoseconds(milliseconds(5)).count();
constexpr std::int64_t kDefaultInterval_ns = nanoseconds(milliseconds(40)).count();
/// No clock is further from its zero; differences of two such values cannot overflow.
constexpr std::int64_t kPlausible_ns = std::int64_t{1} << 61U;
constexpr std::size_t kRemembered = 2 * kMaxReorderDepth;
constexpr std::size_t kFewestForMedian = 3;

std::int64_t nsOf(BootTime time) {
    return time.time_since_epoch().count();
}

BootTime bootTimeOf(std::int64_t ns) {
    return BootTime(Duration(ns));
}

std::int64_t medianOf(std::vector<std::int64_t> values) {
    const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
    std::nth_element(values.begin(), middle, values.end());
    return *middle;
}

}  // namespace

void TimestampMender::setReorderDepth(std::optional<std::uint8_t> depth) {
    stated_depth_ = std::min(depth.value_or(0), kMaxReorderDepth);
    depth_ = stated_depth_;
}

MendedTimes TimestampMender::mend(std::optional<BootTime> pts, BootTime arrival_time) {
    const std::int64_t arrival = started_ ? std::max(nsOf(arrival_time), last_arrival_) : nsOf(arrival_time);
    const bool usable = pts && nsOf(*pts) > -kPlausible_ns && nsOf(*pts) < kPlausible_ns;
    const std::int64_t given = usable ? nsOf(*pts) : 0;
    const Duration interval = frameInterval();
    MendedTimes times;
    Place place = usable ? placeOf(given) : Place::Repeated;
    if (place == Place::Ahead && jumpsAhead(given, arrival)) place = Place::Jumped;
    if (place == Place::Between && arrival - mapBetween(given) > kMaxLate_ns) place = Place::Jumped;
    std::int64_t boot = 0;
    switch (place) {
        case Place::Ahead:
            boot = mapAhead(given, arrival);
            break;
        case Place::Between:
            boot = mapBetween(given);
            break;
        case Place::Repeated:
            boot = guess(arrival);
            times.mended = true;
            break;
        case Place::Jumped:
            boot = anchorAnew(arrival);
            times.mended = started_;
            times.discontinuity = true;
            break;
    }
    const std::int64_t gap = std::max(kJump_ns, 5 * nanoseconds(interval).count());
    if (!started_ || boot - highest_ > gap) times.discontinuity = true;
    // Over a gap the decode times start anew, else they would reach back across it.
    if (times.discontinuity) outputs_.clear();
    if (usable && place != Place::Repeated) {
        remember(given, boot);
        if (place == Place::Between) learnDepth(boot);
        trackLateness(arrival - onTimeFor(boot), arrival);
    }
    const std::int64_t decode = decodeTimeFor(boot);
    const std::int64_t presentation = std::max(boot, decode);
    times.mended = times.mended || presentation != boot;
    times.decode_time = bootTimeOf(decode);
    times.presentation_time = bootTimeOf(presentation);
    if (started_) {
        arrival_steps_.push_back(arrival - last_arrival_);
        if (arrival_steps_.size() > kRemembered) arrival_steps_.pop_front();
    }
    highest_ = started_ ? std::max(highest_, presentation) : presentation;
    if (usable) last_pts_ = given;
    last_arrival_ = arrival;
    last_decode_ = decode;
    started_ = true;
    return times;
}

TimestampMender::Place TimestampMender::placeOf(std::int64_t pts) const {
    if (anchors_.empty()) return Place::Jumped;
    if (pts == last_pts_) return Place::Repeated;
    if (pts > anchors_.back().pts_ns) return Place::Ahead;
    const auto above = std::ranges::lower_bound(anchors_, pts, {}, &Anchor::pts_ns);
    if (above->pts_ns == pts) return Place::Jumped;
    const std::int64_t interval = nanoseconds(frameInterval()).count();
    const std::int64_t reach = std::max(kJump_ns, (depth_ + 1) * interval);
    if (above == anchors_.begin() || anchors_.back().pts_ns - pts > reach) return Place::Jumped;
    // A B picture fills a hole that was left for it; a clock that was set back lands between regular frames.
    // Holes that are still open make the median too large: the least step tells what is regular.
    const std::int64_t hole = above->pts_ns - std::prev(above)->pts_ns;
    const std::int64_t least = leastStep();
    if (anchors_.size() > kFewestForMedian && hole < least + least / 2) return Place::Jumped;
    return Place::Between;
}

std::int64_t TimestampMender::leastStep() const {
    std::int64_t least = kJump_ns;
    for (std::size_t i = 1; i < anchors_.size(); ++i) {
        least = std::min(least, anchors_[i].pts_ns - anchors_[i - 1].pts_ns);
    }
    return least;
}

bool TimestampMender::jumpsAhead(std::int64_t pts, std::int64_t arrival) const {
    const std::int64_t step = pts - anchors_.back().pts_ns;
    const std::int64_t lateness = arrival - (anchors_.back().boot_ns + step);
    if (lateness < -kJump_ns || lateness > kMaxLate_ns) return true;
    return last_window_least_ && *last_window_least_ > kSteadyLate_ns && lateness > kSteadyLate_ns;
}

/// Follows the camera's steps, a little shorter while frames seem to come before they were made, a little
/// longer while the least delay of a whole window is too large. Grows strictly with `pts`, so order is kept.
std::int64_t TimestampMender::mapAhead(std::int64_t pts, std::int64_t arrival) {
    const std::int64_t step = pts - anchors_.back().pts_ns;
    std::int64_t boot = anchors_.back().boot_ns + step;
    const std::int64_t early = onTimeFor(boot) - arrival;
    if (early > 0) {
        // What is taken here shows in the decode times only `depth_` frames later.
        boot -= std::min(early / (depth_ + 1), early > kUrgent_ns ? step / 8 * 7 : step / 8);
    } else if (window_least_ && last_window_least_) {
        const std::int64_t late = std::min({-early, *window_least_, *last_window_least_}) - kTolerated_ns;
        if (late > 0) boot += std::min(late, late > kUrgent_ns ? step : step / 200);
    }
    const std::int64_t floor = std::max(anchors_.back().boot_ns + 1, highest_ + kMinStep_ns);
    return std::max(std::min(boot, arrival + kMaxEarly_ns), floor);
}

/// When a frame would arrive that is sent as soon as it can be decoded in time.
std::int64_t TimestampMender::onTimeFor(std::int64_t boot) const {
    return plainDecodeTimeFor(boot) + depth_ * nanoseconds(frameInterval()).count();
}

std::int64_t TimestampMender::mapBetween(std::int64_t pts) const {
    const auto above = std::ranges::lower_bound(anchors_, pts, {}, &Anchor::pts_ns);
    const Anchor& high = *above;
    const Anchor& low = *std::prev(above);
    const std::int64_t pts_span = high.pts_ns - low.pts_ns;
    const std::int64_t boot_span = high.boot_ns - low.boot_ns;
    const std::int64_t into = pts - low.pts_ns;
    if (pts_span == boot_span) return low.boot_ns + into;
    const double share = static_cast<double>(into) / static_cast<double>(pts_span);
    return low.boot_ns + static_cast<std::int64_t>(share * static_cast<double>(boot_span));
}

/// One interval after what was given out last, drawn towards the arrival.
std::int64_t TimestampMender::guess(std::int64_t arrival) const {
    if (!started_) return arrival;
    const std::int64_t next = highest_ + nanoseconds(frameInterval()).count();
    const std::int64_t drawn = next + (arrival - next) / 8;
    const std::int64_t bounded = std::clamp(drawn, arrival - kSteadyLate_ns, arrival + kMaxEarly_ns);
    return std::max(bounded, highest_ + kMinStep_ns);
}

std::int64_t TimestampMender::anchorAnew(std::int64_t arrival) {
    anchors_.clear();
    window_least_.reset();
    last_window_least_.reset();
    depth_ = stated_depth_;
    return started_ ? std::max(arrival, highest_ + kMinStep_ns) : arrival;
}

void TimestampMender::remember(std::int64_t pts, std::int64_t boot) {
    const auto place = std::ranges::lower_bound(anchors_, pts, {}, &Anchor::pts_ns);
    anchors_.insert(place, Anchor{pts, boot});
    if (anchors_.size() > kRemembered) anchors_.erase(anchors_.begin());
}

/// The depth that this frame needs: how many came before it and are shown after it.
void TimestampMender::learnDepth(std::int64_t boot) {
    const auto later = std::ranges::count_if(outputs_, [&](std::int64_t other) { return other > boot; });
    depth_ = static_cast<std::uint8_t>(
        std::clamp<std::ptrdiff_t>(later, std::ptrdiff_t{depth_}, std::ptrdiff_t{kMaxReorderDepth}));
}

void TimestampMender::trackLateness(std::int64_t lateness, std::int64_t arrival) {
    if (!window_least_ || arrival - window_began_ > kWindow_ns) {
        if (window_least_) last_window_least_ = window_least_;
        window_least_ = lateness;
        window_began_ = arrival;
    }
    window_least_ = std::min(*window_least_, lateness);
}

/// With reorder depth D, no later frame is shown before the (i-D)-th smallest presentation time of the first
/// i frames: that is the decode time of the i-th. In front of the first frame the line is prolonged.
std::int64_t TimestampMender::plainDecodeTimeFor(std::int64_t boot) const {
    const std::size_t count = outputs_.size() + 1;
    if (count <= depth_) {
        const std::int64_t first = outputs_.empty() ? boot : std::min(boot, outputs_.front());
        return first - static_cast<std::int64_t>(depth_ + 1 - count) * nanoseconds(frameInterval()).count();
    }
    // The element at `place` of outputs_ with `boot` sorted in.
    const std::size_t place = count - 1 - depth_;
    const std::int64_t below = place > 0 ? std::max(boot, outputs_[place - 1]) : boot;
    return place < outputs_.size() ? std::min(below, outputs_[place]) : below;
}

std::int64_t TimestampMender::decodeTimeFor(std::int64_t boot) {
    const std::int64_t decode = plainDecodeTimeFor(boot);
    outputs_.insert(std::ranges::upper_bound(outputs_, boot), boot);
    if (outputs_.size() > kRemembered) outputs_.erase(outputs_.begin());
    return started_ ? std::max(decode, last_decode_ + kMinStep_ns) : decode;
}

Duration TimestampMender::frameInterval() const {
    std::vector<std::int64_t> steps;
    if (anchors_.size() > kFewestForMedian) {
        for (std::size_t i = 1; i < anchors_.size(); ++i) {
            steps.push_back(anchors_[i].pts_ns - anchors_[i - 1].pts_ns);
        }
    } else {
        steps.assign(arrival_steps_.begin(), arrival_steps_.end());
    }
    if (steps.size() < kFewestForMedian) return Duration(kDefaultInterval_ns);
    return Duration(medianOf(std::move(steps)));
}

}  // namespace camgate::media
