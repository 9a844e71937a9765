// Finds what moves: luma planes in, results out. Pure: no clock, no I/O, no threads; the same planes and
// times give the same results. Cost is per analysed pixel, whatever the camera sends (at most 480x272 are
// analysed). A change of plane size, a time that runs backwards or a gap over 10 s starts again (state
// Settling). Method: docs/design/motion.md; settings, zones and rejections: docs/ref/motion.md. One thread at
// a time.
#pragma once

#include <memory>

#include "base/result.hpp"
#include "motion/luma_plane.hpp"
#include "motion/motion_result.hpp"

namespace camgate::motion {

class Detector {
  public:
    /// InvalidArgument names the setting or the zone and says what was expected.
    [[nodiscard]] static Result<Detector> create(const DetectorSettings& settings);
    Detector(Detector&&) noexcept;
    Detector& operator=(Detector&&) noexcept;
    ~Detector();

    /// `captured_at` is when the camera saw the picture; frames in the order of capture, 1 to 30 per second.
    MotionResult process(const LumaPlane& plane, BootTime captured_at);

    /// Which zones count now, bit i: settings.zones[i]; all at the beginning. Schedules are kept elsewhere:
    /// the detector knows no wall clock.
    void setActiveZones(std::uint16_t zones);

  private:
    class Pipeline;
    explicit Detector(std::unique_ptr<Pipeline> pipeline);
    std::unique_ptr<Pipeline> pipeline_;
};

}  // namespace camgate::motion
