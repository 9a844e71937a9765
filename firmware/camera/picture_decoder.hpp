// Decodes one stream for the analysis, in a pipeline of its own: what goes wrong here costs pictures, never
// the recording. The best decoder of the machine by rank, one thread. Too slow for a live stream, it skips to
// the next keyframe; a file waits. Pictures have 8-bit luma in plane 0 and boot times as PTS. Called by
// streaming threads; calls back on one.
#pragma once

#include <gst/app/gstappsink.h>

#include <atomic>
#include <condition_variable>
#include <functional>
#include <mutex>
#include <optional>
#include <vector>

#include "camera/decode_gate.hpp"
#include "camera/gst_ptr.hpp"
#include "camera/stream_pipeline.hpp"
#include "motion/motion_result.hpp"

namespace camgate::camera {

struct DecodeSettings {
    bool keyframes_only = false;  ///< enough for snapshots, at a tenth of the cost
    bool live = true;             ///< false: whoever brings units waits until they are decoded
    bool gate = false;            ///< a still scene is decoded in part only (decode_gate.hpp)
};

class PictureDecoder final : public PictureTap {
  public:
    using OnPicture = std::function<void(SamplePtr)>;

    PictureDecoder(OnPicture on_picture, DecodeSettings settings);
    ~PictureDecoder() override;

    void onEncoded(GstBuffer* unit, GstCaps* caps) override;
    void onRaw(GstBuffer* picture, GstCaps* caps) override;
    /// What the analysis made of a picture, for the gate. Any thread.
    void onLooked(const motion::MotionResult& result);
    /// Blocks until every unit that came was decoded and its picture handed over. Nothing may come after.
    void finish();
    std::uint64_t skippedUnits() const { return skipped_; }

  private:
    enum class Phase : int { Running, Ended, Broken };

    static GstFlowReturn onDecoded(GstAppSink* sink, gpointer self);
    static GstBusSyncReply onBus(GstBus* bus, GstMessage* message, gpointer self);
    Status open(GstCaps* caps);
    void close();
    bool wants(GstBuffer* unit);
    GateVerdict judge(GstBuffer* unit);
    void decode(GstBuffer* unit, GstCaps* caps);
    bool full() const;
    void waitUntilIdle();
    void onIdle();
    void setPhase(Phase phase);
    bool broken();

    const OnPicture on_picture_;
    const DecodeSettings settings_;
    std::mutex mutex_;  // guards all below but the atomics and what changed_mutex_ guards
    ElementPtr pipeline_;
    GstElement* input_ = nullptr;  // of pipeline_
    bool skipping_ = true;
    int openings_ = 0;
    std::vector<GstPtr<GstBuffer>> held_;  // by the gate, at most kLongestHold of them
    std::mutex gate_mutex_;
    std::optional<DecodeGate> gate_;  // guarded by gate_mutex_
    std::mutex changed_mutex_;
    std::condition_variable changed_;
    Phase phase_ = Phase::Running;  // guarded by changed_mutex_
    bool idle_ = false;             // guarded by changed_mutex_; it has decoded all that it was given
    std::atomic<std::uint64_t> skipped_{0};
};

}  // namespace camgate::camera
