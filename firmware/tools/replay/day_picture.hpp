// The day at a glance, one PNG: the scene with its zones and the events' boxes, where it moved, and a time
// line of events, motion, states and rejections. Collects while a replay runs, draws at its end. One thread
// at a time. Implements docs/ref/replay.md (Picture).
#pragma once

#include <array>
#include <vector>

#include "tools/replay/gst_image.hpp"
#include "tools/replay/replay.hpp"

namespace camgate::replay {

class DayPicture {
  public:
    explicit DayPicture(std::vector<config::ZoneConfig> zones) : zones_(std::move(zones)) {}

    void onLooked(const Looked& looked);
    void onEvent(const EventSeen& event) { events_.push_back(event); }
    /// InvalidArgument: nothing was looked at. Else what GStreamer or the file system answers.
    [[nodiscard]] Status write(const std::string& path) const;

  private:
    static constexpr int kHeatColumns = 80;
    static constexpr int kHeatRows = 45;
    static constexpr std::size_t kReasons = static_cast<std::size_t>(motion::Rejection::Count);

    struct Moment {
        float at_s = 0;
        bool active = false;
        bool settling = false;
        std::uint16_t reasons = 0;  ///< bit i: Rejection i was counted
    };

    void warm(const motion::Box& box);
    void drawScene(camera::Surface surface) const;
    void drawHeat(camera::Surface surface) const;
    void drawTimeLine(camera::Surface& surface, int top) const;
    void drawRow(camera::Surface& surface, int top, std::string_view name, camera::Colour colour,
                 const std::vector<bool>& columns) const;
    void drawAxis(camera::Surface& surface, int top) const;
    std::vector<bool> columnsWhere(bool (*holds)(const Moment&, std::size_t), std::size_t which = 0) const;
    std::vector<bool> columnsOfEvents() const;
    std::size_t columnOf(double at_s) const;
    double length_s() const { return moments_.empty() ? 0 : static_cast<double>(moments_.back().at_s); }

    std::vector<config::ZoneConfig> zones_;
    std::vector<EventSeen> events_;
    std::vector<Moment> moments_;
    std::array<std::uint32_t, std::size_t{kHeatColumns} * kHeatRows> heat_{};
    camera::SamplePtr scene_;  // of the best moment
    float best_score_ = -1;
};

}  // namespace camgate::replay
