// Decodes one stream for the analysis, in a pipeline of its own: what goes wrong here costs pictures, never
// the recording. The best decoder of the machine by rank, one thread. Too slow for the stream, it skips to
// the next keyframe. Pictures have 8-bit luma in plane 0 and boot times as PTS. Called by streaming threads;
// calls back on one.
#pragma once

#include <atomic>
#include <functional>
#include <mutex>

#include "camera/gst_ptr.hpp"
#include "camera/stream_pipeline.hpp"

namespace camgate::camera {

class PictureDecoder final : public PictureTap {
  public:
    using OnPicture = std::function<void(SamplePtr)>;

    /// `keyframes_only`: enough for snapshots, at a tenth of the cost.
    PictureDecoder(OnPicture on_picture, bool keyframes_only);
    ~PictureDecoder() override;

    void onEncoded(GstBuffer* unit, GstCaps* caps) override;
    void onRaw(GstBuffer* picture, GstCaps* caps) override;
    std::uint64_t skippedUnits() const { return skipped_; }

  private:
    Status open(GstCaps* caps);
    void close();
    bool wants(GstBuffer* unit);

    const OnPicture on_picture_;
    const bool keyframes_only_;
    std::mutex mutex_;  // guards all below but the atomics
    ElementPtr pipeline_;
    GstElement* input_ = nullptr;  // of pipeline_
    bool skipping_ = true;
    int openings_ = 0;
    std::atomic<bool> broken_{false};
    std::atomic<std::uint64_t> skipped_{0};
};

}  // namespace camgate::camera
