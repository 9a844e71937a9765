// A USB camera. Takes H.264 from the camera if it gives it, else MJPEG or raw pictures, which are then
// encoded here. The capture element is handed in, so that tests put a source of their own before the same
// graph. Loop thread.
#pragma once

#include <optional>

#include "camera/camera_url.hpp"
#include "camera/gst_ptr.hpp"
#include "camera/source.hpp"

namespace camgate::camera {

enum class CaptureKind { H264, Jpeg, Raw };

/// The best of what a camera offers; nothing if none can be used.
std::optional<CaptureKind> chooseCapture(const GstCaps& offered);

class V4l2Source final : public Source {
  public:
    V4l2Source(V4l2Url url, Result<ElementPtr> capture);
    Status build(SourceHost& host) override;

  private:
    Status openDevice(SourceHost& host);
    Status buildGraph(SourceHost& host, CaptureKind kind);

    V4l2Url url_;
    Result<ElementPtr> capture_;
};

}  // namespace camgate::camera
