// What happened before one camera, as the tracker tells it. The camera's name and the wall time are added by
// whoever owns them. Plain values, any thread. Rules: docs/ref/motion.md.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/clock.hpp"
#include "motion/motion_result.hpp"

namespace camgate::events {

enum class StartReason : std::uint8_t {
    Motion = 0,
    Continued = 1,  ///< the event before reached the longest length and the motion goes on
};
std::string_view toString(StartReason reason);

enum class EndReason : std::uint8_t {
    Quiet = 0,
    MaxLength = 1,
    NoFrames = 2,  ///< the camera stopped sending before the scene was seen to be quiet
};
std::string_view toString(EndReason reason);

struct Event {
    std::string id;
    StartReason reason = StartReason::Motion;
    BootTime start;        ///< capture time of the confirming frame
    BootTime clip_from;    ///< start - pre_roll, not before boot
    BootTime last_motion;  ///< capture time of the last frame with confirmed motion
    BootTime clip_to;      ///< last_motion + post_roll; at MaxLength the start of the next event
    BootTime best_at;      ///< capture time of the frame to take the still from
    motion::Box best_box;
    float best_confidence = 0;        ///< 0..1
    std::uint16_t zones_touched = 0;  ///< bit i: the detector's settings.zones[i]; over the whole event
    std::optional<EndReason> ended;
};

enum class EventPhase : std::uint8_t { Start = 0, Update = 1, End = 2 };
std::string_view toString(EventPhase phase);

struct EventUpdate {
    EventPhase phase = EventPhase::Start;
    Event event;
};

}  // namespace camgate::events
