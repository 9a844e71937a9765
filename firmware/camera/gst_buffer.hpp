// What camgate does to buffers of GStreamer. Any thread.
#pragma once

#include "base/clock.hpp"
#include "camera/gst_ptr.hpp"

namespace camgate::camera {

/// A shallow copy with another time: the bytes stay shared.
inline GstPtr<GstBuffer> withTime(GstBuffer* buffer, BootTime time) {
    GstPtr<GstBuffer> copy(gst_buffer_copy(buffer));
    GST_BUFFER_PTS(copy.get()) = static_cast<GstClockTime>(time.time_since_epoch().count());
    GST_BUFFER_DTS(copy.get()) = GST_CLOCK_TIME_NONE;
    return copy;
}

}  // namespace camgate::camera
