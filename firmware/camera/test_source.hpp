// A synthetic yard as a camera: rendered, paced by the clock, then encoded like a USB camera's pictures.
// Loop thread, rendering on the pipeline's.
#pragma once

#include "camera/camera_url.hpp"
#include "camera/source.hpp"

namespace camgate::camera {

class TestSource final : public Source {
  public:
    explicit TestSource(TestUrl url) : url_(url) {}
    Status build(SourceHost& host) override;

  private:
    TestUrl url_;
};

}  // namespace camgate::camera
