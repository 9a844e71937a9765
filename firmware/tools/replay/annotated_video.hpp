// What the detector looked at, as a film: confirmed boxes bright, candidates thin, state and frame number in
// a corner. H.264 in MP4, by the best encoder that is installed. Called on one thread; finish() blocks.
#pragma once

#include <string>

#include "tools/replay/replay.hpp"

namespace camgate::replay {

class AnnotatedVideo {
  public:
    explicit AnnotatedVideo(std::string path) : path_(std::move(path)) {}
    ~AnnotatedVideo();
    AnnotatedVideo(const AnnotatedVideo&) = delete;
    AnnotatedVideo& operator=(const AnnotatedVideo&) = delete;

    void onLooked(const Looked& looked);
    /// Unavailable: no encoder, or the file cannot be written.
    [[nodiscard]] Status finish();

  private:
    Status open(GstSample& first);

    std::string path_;
    camera::ElementPtr pipeline_;
    camera::ElementPtr input_;
    std::optional<BootTime> start_;
    Status status_;
};

}  // namespace camgate::replay
