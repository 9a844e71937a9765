#include "events/zone_schedule.hpp"

namespace camgate::events {

ZoneSchedule::ZoneSchedule(const config::MotionConfig& motion) {
    for (const auto& zone : motion.zones)
        hours_.push_back(config::WeekHours::parse(zone.hours).value_or(config::WeekHours()));
}

std::uint16_t ZoneSchedule::activeAt(int minute_of_week) const {
    std::uint16_t active = 0xFFFF;
    for (std::size_t i = 0; i < hours_.size(); ++i) {
        if (!hours_[i].includes(minute_of_week)) active = static_cast<std::uint16_t>(active & ~(1U << i));
    }
    return active;
}

}  // namespace camgate::events
