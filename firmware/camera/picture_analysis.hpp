// Motion detection on decoded pictures: runs the detector on the luma plane where it lies. What the decoder
// itself calls damaged is not looked at: a grey smear is no event. The worker and camgate-replay share it.
// One thread at a time.
#pragma once

#include <optional>
#include <utility>

#include "camera/gst_ptr.hpp"
#include "motion/detector.hpp"

namespace camgate::camera {

/// Planar forms whose first plane is 8-bit luma: what look() takes, without any conversion.
inline constexpr const char* kLumaFirst =
    "video/x-raw,format={I420,YV12,NV12,NV21,Y42B,NV16,NV61,Y444,NV24,Y41B,YUV9,YVU9,GRAY8}";

class PictureAnalysis {
  public:
    explicit PictureAnalysis(motion::Detector detector) : detector_(std::move(detector)) {}

    /// Nothing: no plane that the detector takes, or a damaged picture.
    std::optional<motion::MotionResult> look(GstSample& picture, BootTime captured_at);
    void setActiveZones(std::uint16_t zones) { detector_.setActiveZones(zones); }

  private:
    motion::Detector detector_;
};

/// The boot time that a picture carries as its PTS.
BootTime pictureTime(const GstSample& picture);

}  // namespace camgate::camera
