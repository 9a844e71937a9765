// Makes a JPEG of a picture when somebody asks, on a thread of its own. Loop thread; answers on the loop.
// Must outlive the answers that it posts.
#pragma once

#include <functional>

#include "base/bytes.hpp"
#include "base/event_loop.hpp"
#include "base/task_thread.hpp"
#include "camera/gst_ptr.hpp"

namespace camgate::camera {

/// At most `max_width_px` wide, never enlarged, in colour, at most `limit_bytes`. Blocks.
[[nodiscard]] Result<Bytes> encodeJpeg(GstSample* picture, int max_width_px, std::size_t limit_bytes);

class Snapshotter {
  public:
    using OnJpeg = std::function<void(Result<Bytes>)>;

    explicit Snapshotter(EventLoop& loop) : loop_(loop), thread_("snapshot", kMostWaiting) {}

    /// Unavailable at once when too many wait.
    void request(SamplePtr picture, int max_width_px, std::size_t limit_bytes, OnJpeg on_jpeg);

  private:
    static constexpr std::size_t kMostWaiting = 4;
    EventLoop& loop_;
    TaskThread thread_;
};

}  // namespace camgate::camera
