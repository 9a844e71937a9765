// Makes events out of one camera's motion results: start, updates, end. Pure: time comes in with the results
// and through onTime(), so that an event also ends when the camera stops sending. At most one event at a
// time. Implements docs/ref/motion.md. One thread.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "events/event.hpp"

namespace camgate::events {

struct EventSettings {
    Duration pre_roll = std::chrono::seconds(5);
    Duration post_roll = std::chrono::seconds(5);
    Duration merge_gap = std::chrono::seconds(5);     ///< less quiet than this does not end an event
    Duration max_length = std::chrono::seconds(120);  ///< from start to last motion
    Duration update_every = std::chrono::seconds(1);
};

class EventTracker {
  public:
    /// Frames reach the tracker this much after their capture at most: onTime() waits that long for them.
    static constexpr Duration kLateFrames = std::chrono::seconds(1);

    /// A new id for each event.
    using IdSource = std::function<std::string()>;

    /// Negative times count as zero. The settings' ranges are the configuration's business.
    EventTracker(const EventSettings& settings, IdSource next_id);

    /// Up to three updates: an End, a Start, or both. Results older than one already seen are ignored.
    [[nodiscard]] std::vector<EventUpdate> onMotion(const motion::MotionResult& result);
    [[nodiscard]] std::vector<EventUpdate> onTime(BootTime now);
    /// When onTime() has something to end if no frame comes before; nothing while there is no event.
    std::optional<BootTime> deadline() const;
    /// The running event.
    const std::optional<Event>& current() const { return current_; }

  private:
    BootTime quietAt() const;
    void start(const motion::MotionResult& result, StartReason reason, std::vector<EventUpdate>& updates);
    void end(EndReason reason, std::vector<EventUpdate>& updates);
    void addMotion(const motion::MotionResult& result);

    EventSettings settings_;
    IdSource next_id_;
    std::optional<Event> current_;
    std::optional<BootTime> newest_frame_;
    BootTime last_update_;
    float best_score_ = 0;
};

}  // namespace camgate::events
