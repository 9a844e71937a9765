#include "events/event_tracker.hpp"

#include <algorithm>
#include <array>
#include <cmath>

namespace camgate::events {
namespace {

/// The best moment is sure and near: a person who fills the picture beats one at the far fence.
float scoreOf(const motion::Blob& blob) {
    return blob.confidence * std::sqrt(blob.box.w * blob.box.h);
}

Duration atLeastZero(Duration duration) {
    return std::max(duration, Duration(0));
}

}  // namespace

std::string_view toString(StartReason reason) {
    return reason == StartReason::Motion ? "motion" : "continued";
}

std::string_view toString(EndReason reason) {
    constexpr std::array<std::string_view, 3> kNames{"quiet", "max-length", "no-frames"};
    return kNames.at(static_cast<std::size_t>(reason));
}

std::string_view toString(EventPhase phase) {
    constexpr std::array<std::string_view, 3> kNames{"start", "update", "end"};
    return kNames.at(static_cast<std::size_t>(phase));
}

EventTracker::EventTracker(const EventSettings& settings, IdSource next_id)
    : settings_(settings), next_id_(std::move(next_id)) {
    settings_.pre_roll = atLeastZero(settings_.pre_roll);
    settings_.post_roll = atLeastZero(settings_.post_roll);
    settings_.merge_gap = atLeastZero(settings_.merge_gap);
}

std::vector<EventUpdate> EventTracker::onMotion(const motion::MotionResult& result) {
    std::vector<EventUpdate> updates;
    const BootTime now = result.captured_at;
    if (newest_frame_ && now < *newest_frame_) return updates;
    // Frames came back after the event's quiet time had run out, and none in between showed quiet.
    const bool frames_missing = newest_frame_ && current_ && now - *newest_frame_ > settings_.merge_gap;
    newest_frame_ = now;
    if (current_ && now >= quietAt()) end(frames_missing ? EndReason::NoFrames : EndReason::Quiet, updates);
    if (!result.active) return updates;

    if (current_ && now - current_->start >= settings_.max_length) {
        current_->last_motion = now;
        end(EndReason::MaxLength, updates);
        start(result, StartReason::Continued, updates);
    } else if (!current_) {
        start(result, StartReason::Motion, updates);
    } else {
        addMotion(result);
        if (now - last_update_ >= settings_.update_every) {
            last_update_ = now;
            updates.push_back({EventPhase::Update, *current_});
        }
    }
    return updates;
}

std::vector<EventUpdate> EventTracker::onTime(BootTime now) {
    std::vector<EventUpdate> updates;
    if (!current_ || now < *deadline()) return updates;
    end(newest_frame_ && *newest_frame_ + kLateFrames >= quietAt() ? EndReason::Quiet : EndReason::NoFrames,
        updates);
    return updates;
}

std::optional<BootTime> EventTracker::deadline() const {
    if (!current_) return std::nullopt;
    return quietAt() + kLateFrames;
}

BootTime EventTracker::quietAt() const {
    return current_->last_motion + std::max({settings_.post_roll, settings_.merge_gap, Duration(1)});
}

void EventTracker::start(const motion::MotionResult& result, StartReason reason,
                         std::vector<EventUpdate>& updates) {
    Event event;
    event.id = next_id_();
    event.reason = reason;
    event.start = result.captured_at;
    event.clip_from = BootTime(atLeastZero((event.start - settings_.pre_roll).time_since_epoch()));
    current_ = event;
    best_score_ = 0;
    last_update_ = event.start;
    addMotion(result);
    updates.push_back({EventPhase::Start, *current_});
}

void EventTracker::end(EndReason reason, std::vector<EventUpdate>& updates) {
    if (reason == EndReason::MaxLength) current_->clip_to = current_->last_motion;
    current_->ended = reason;
    updates.push_back({EventPhase::End, *current_});
    current_.reset();
}

void EventTracker::addMotion(const motion::MotionResult& result) {
    current_->last_motion = result.captured_at;
    current_->clip_to = result.captured_at + settings_.post_roll;
    for (const motion::Blob& blob : result.blobs) {
        if (!blob.confirmed) continue;
        current_->zones_touched = static_cast<std::uint16_t>(current_->zones_touched | blob.zones_touched);
        if (const float score = scoreOf(blob); score > best_score_) {
            best_score_ = score;
            current_->best_at = result.captured_at;
            current_->best_box = blob.box;
            current_->best_confidence = blob.confidence;
        }
    }
}

}  // namespace camgate::events
