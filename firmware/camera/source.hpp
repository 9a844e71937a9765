// Where a stream's pictures come from, as a part of a GStreamer graph. A Source builds its elements into its
// host's pipeline and hands each video pad over, compressed or raw; everything behind is the host's.
// Threads: start() and onMessage() on the loop; a Source's other work may be on GStreamer's threads.
#pragma once

#include <gst/gst.h>

#include "base/result.hpp"
#include "camera/failure.hpp"
#include "media/access_unit.hpp"

namespace camgate::camera {

/// What a Source builds into. Any thread.
class SourceHost {
  public:
    virtual ~SourceHost() = default;
    virtual GstElement* pipeline() = 0;
    /// Every buffer through `pad` counts as bytes received.
    virtual void countBytes(GstPad* pad) = 0;
    /// `pad` gives H.264 or H.265 in any stream format.
    virtual void attachEncoded(GstPad* pad, media::Codec codec) = 0;
    /// `pad` gives raw pictures: they are encoded here, and analysed without being decoded again.
    virtual void attachRaw(GstPad* pad, media::Codec encode_as) = 0;
    /// The camera answered.
    virtual void onAnswered() = 0;
    virtual void onFailure(Failure failure) = 0;
};

class Source {
  public:
    virtual ~Source() = default;
    /// Adds the source's elements to the host's pipeline.
    [[nodiscard]] virtual Status build(SourceHost& host) = 0;
    /// Gets the pipeline to play.
    virtual void start(GstElement* pipeline) { gst_element_set_state(pipeline, GST_STATE_PLAYING); }
    /// A message of the pipeline's bus.
    virtual void onMessage(GstElement* /*pipeline*/, GstMessage* /*message*/) {}
};

}  // namespace camgate::camera
