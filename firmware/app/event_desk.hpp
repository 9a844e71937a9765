// Turns a camera's event updates into what the hub and the console are told: names for zones, wall times with
// their quality, and a still of the scene soon after the start. Loop thread only.
#pragma once

#include <functional>
#include <map>
#include <string>

#include "app/camera_session.hpp"
#include "uplink/event_report.hpp"

namespace camgate::app {

class EventDesk {
  public:
    using Report = std::function<void(const uplink::EventReport&)>;

    /// `longest_still`: in bytes, at most kMaxStill_bytes.
    EventDesk(const Clock& clock, Report report, std::function<std::size_t()> longest_still)
        : clock_(clock), report_(std::move(report)), longest_still_(std::move(longest_still)) {}

    void onUpdate(CameraSession& camera, const events::EventUpdate& update);

  private:
    void addStill(CameraSession& camera, const std::string& event);

    const Clock& clock_;
    Report report_;
    std::function<std::size_t()> longest_still_;
    std::map<std::string, uplink::EventReport> running_;  ///< newest report per camera, for the still
};

}  // namespace camgate::app
