// The loop's side of motion detection: takes pictures, thinned to the wanted rate, and runs the detector on
// each one's luma plane where it lies. Pictures wait only for what a gated decoder hands over at once; a loop
// that falls further behind loses the oldest.
// offer() any thread, the rest on the loop. Must outlive whoever offers.
#pragma once

#include <deque>
#include <functional>
#include <mutex>
#include <optional>

#include "base/event_loop.hpp"
#include "camera/frame_pacer.hpp"
#include "camera/picture_analysis.hpp"

namespace camgate::camera {

class Analyser {
  public:
    using OnResult = std::function<void(const motion::MotionResult&)>;

    /// No detector: pictures are only kept for snapshots.
    Analyser(EventLoop& loop, int frames_per_second, std::optional<motion::Detector> detector,
             OnResult on_result);

    void offer(SamplePtr picture);
    void setActiveZones(std::uint16_t zones);
    /// The newest picture and when it was taken; null before the first.
    SamplePtr newest() const;
    std::uint64_t analysedFrames() const { return analysed_; }

  private:
    /// What the wanted 10 frames a second make of DecodeGate::kLongestHold.
    static constexpr std::size_t kMostWaiting = 12;

    void takeOffered();
    void analyse(GstSample& picture);

    EventLoop& loop_;
    std::optional<PictureAnalysis> analysis_;
    OnResult on_result_;
    SamplePtr newest_;
    std::uint64_t analysed_ = 0;
    std::mutex mutex_;
    FramePacer pacer_;               // guarded by mutex_
    std::deque<SamplePtr> offered_;  // guarded by mutex_; full: the oldest goes
};

}  // namespace camgate::camera
