// Which zones of a camera count when: their configured hours by local wall time. Plain value, any thread.
#pragma once

#include <cstdint>
#include <vector>

#include "config/configuration.hpp"
#include "config/week_hours.hpp"

namespace camgate::events {

class ZoneSchedule {
  public:
    /// Hours that cannot be read are the configuration's business; they mean always here.
    explicit ZoneSchedule(const config::MotionConfig& motion);

    /// Bit i: zones[i]. Minutes since Monday 00:00, local time.
    std::uint16_t activeAt(int minute_of_week) const;

  private:
    std::vector<config::WeekHours> hours_;
};

}  // namespace camgate::events
