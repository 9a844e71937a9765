// One stream of a camera as a running GStreamer pipeline: its Source, and behind it parser, encoder where one
// is needed, and the taps that hand compressed units to the loop and pictures to the analysis. Loop thread;
// never destroyed while it plays: the worker ends as a process.
#pragma once

#include <atomic>
#include <memory>
#include <mutex>
#include <optional>
#include <string>

#include "base/event_loop.hpp"
#include "camera/boot_clock_map.hpp"
#include "camera/gst_ptr.hpp"
#include "camera/source.hpp"
#include "camera/unit_queue.hpp"

namespace camgate::camera {

/// Pictures for the analysis, on streaming threads; times are boot times in the buffers' PTS.
class PictureTap {
  public:
    virtual ~PictureTap() = default;
    /// Caps are video/x-h264 or video/x-h265, byte-stream, whole access units.
    virtual void onEncoded(GstBuffer* unit, GstCaps* caps) = 0;
    virtual void onRaw(GstBuffer* picture, GstCaps* caps) = 0;
};

/// What happens to a stream. Loop thread.
class StreamObserver {
  public:
    virtual ~StreamObserver() = default;
    virtual void onUnit(media::StreamKind stream, media::Codec codec, ReceivedUnit unit) = 0;
    virtual void onStreamAnswered(media::StreamKind stream) = 0;
    /// The stream will not come back in this process.
    virtual void onStreamFailed(media::StreamKind stream, Failure failure) = 0;
};

class StreamPipeline final : private SourceHost {
  public:
    /// `secret` is kept out of every text.
    StreamPipeline(EventLoop& loop, media::StreamKind stream, std::unique_ptr<Source> source,
                   std::string secret, StreamObserver& observer);
    ~StreamPipeline() override;
    StreamPipeline(const StreamPipeline&) = delete;
    StreamPipeline& operator=(const StreamPipeline&) = delete;

    void start();
    /// Lets go of the camera on a thread of GStreamer's: it may block.
    void stopInBackground();
    /// Blocks until the camera was let go.
    void stopNow();
    /// Null: nobody looks. The tap must outlive the pipeline.
    void setTap(PictureTap* tap) { tap_ = tap; }
    std::uint64_t bytes() const { return bytes_; }

  private:
    GstElement* pipeline() override { return pipeline_.get(); }
    void countBytes(GstPad* pad) override;
    void attachEncoded(GstPad* pad, media::Codec codec) override;
    void attachRaw(GstPad* pad, media::Codec encode_as) override;
    void onAnswered() override;
    void onFailure(Failure failure) override;

    Status attachRawOrFail(GstPad* pad, media::Codec encode_as);
    void drainBus();
    void onMessage(GstMessage* message);
    void takeUnits();
    std::optional<BootTime> bootTimeOf(const GstSegment& segment, GstClockTime time);
    void onEncodedSample(GstSample* sample);
    void onRawBuffer(GstPad* pad, GstBuffer* buffer);

    EventLoop& loop_;
    media::StreamKind stream_;
    std::unique_ptr<Source> source_;
    std::string secret_;
    StreamObserver& observer_;
    ElementPtr pipeline_;
    GstPtr<GstBus> bus_;
    GstPtr<GstClock> clock_;
    LoopHandle bus_watch_;
    UnitQueue units_;
    std::atomic<PictureTap*> tap_{nullptr};
    std::atomic<std::uint64_t> bytes_{0};
    std::atomic<bool> failing_{false};  ///< a reason of the source's own is on its way to the loop
    std::atomic<media::Codec> codec_{media::Codec::H264};
    std::mutex map_mutex_;
    BootClockMap map_;  // guarded by map_mutex_
};

}  // namespace camgate::camera
