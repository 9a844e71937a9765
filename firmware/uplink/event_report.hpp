// One phase of an event, as it is told to the hub and remembered by the gateway. Plain values, any thread.
// Implements docs/ref/mqtt.md (event).
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/bytes.hpp"
#include "base/clock.hpp"

namespace camgate::uplink {

enum class ReportPhase : std::uint8_t { Start = 0, Update = 1, End = 2 };

struct Still {
    WallTime at;
    Bytes jpeg;  ///< at most kMaxStill_bytes
};
/// In base64, sealed, and with an event's fields, it fits the longest message.
constexpr std::size_t kMaxStill_bytes = (48U << 10U) - 256;

struct EventReport {
    std::string camera;
    std::string event;  ///< the same in all phases
    ReportPhase phase = ReportPhase::Start;
    bool alarm = false;
    WallTime start;
    WallTime last_motion;
    std::optional<WallTime> end;
    WallTime clip_from;
    std::optional<WallTime> clip_to;  ///< with the end
    WallQuality quality = WallQuality::Unsynced;
    std::chrono::milliseconds error_bound{0};  ///< known with Ntp only
    double confidence = 0;                     ///< 0..1
    std::array<double, 4> box{};               ///< x, y, width, height in parts of the picture
    std::vector<std::string> zones;
    std::optional<Still> still;
};

}  // namespace camgate::uplink
