// A file's video, unit by unit, as fast as it is taken: any container and codec that the installed GStreamer
// reads. Each unit is entered into the frame book and goes on with the time that stands there. One file per
// object; play() blocks, the tap is called on GStreamer's threads.
#pragma once

#include <atomic>
#include <functional>
#include <string>
#include <string_view>

#include "camera/gst_ptr.hpp"
#include "camera/stream_pipeline.hpp"
#include "tools/replay/frame_book.hpp"

namespace camgate::replay {

class VideoFile {
  public:
    /// Now and then, with what is behind in parts of the whole; nothing if the length is not known.
    using OnProgress = std::function<void(std::optional<double> done)>;

    VideoFile(std::string path, FrameBook& book, camera::PictureTap& tap);
    ~VideoFile();
    VideoFile(const VideoFile&) = delete;
    VideoFile& operator=(const VideoFile&) = delete;

    /// To the end of the file, or to where it breaks: the error says why, what came before was handed on.
    [[nodiscard]] Status play(const OnProgress& on_progress);
    /// As the file says it, for error texts: "video/x-h264". Empty: no video was found.
    const std::string& mediaType() const { return media_type_; }

  private:
    Status build();
    Status untilEnd(const OnProgress& on_progress);
    std::optional<double> done() const;
    static void onPadAdded(GstElement* parsebin, GstPad* pad, VideoFile* self);
    Status take(GstPad* pad, std::string_view media_type);
    Status takeThrough(GstPad* pad, const char* factory, const char* form, const camera::ElementPtr& sink);
    void onUnit(GstSample* sample);
    Error errorOf(GstMessage* message) const;

    const std::string path_;
    FrameBook& book_;
    camera::PictureTap& tap_;
    camera::ElementPtr pipeline_;
    std::string media_type_;  // written before the first unit
    std::atomic<std::int64_t> reached_ns_{0};
};

}  // namespace camgate::replay
