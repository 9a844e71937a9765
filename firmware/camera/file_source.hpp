// Footage in a file as a camera: paced by the clock, looping if asked, its times going on. H.264 and H.265
// pass through; anything else is decoded and encoded. Loop thread, pads appear on GStreamer's.
#pragma once

#include <functional>
#include <string_view>

#include "camera/camera_url.hpp"
#include "camera/gst_ptr.hpp"
#include "camera/source.hpp"

namespace camgate::camera {

class FileSource final : public Source {
  public:
    explicit FileSource(FileUrl url) : url_(std::move(url)) {}
    Status build(SourceHost& host) override;
    /// Opens the file first: looping and the frame rate are set by a seek.
    void start(GstElement* pipeline) override;
    void onMessage(GstElement* pipeline, GstMessage* message) override;

  private:
    static void onPadAdded(GstElement* parsebin, GstPad* pad, FileSource* self);
    static void onPictures(GstElement* decodebin, GstPad* pad, FileSource* self);
    void noteRate(const GstCaps& caps);
    void takeVideo(GstPad* pad, std::string_view media_type);
    void pace(GstPad* pad, const std::function<void(GstPad*)>& attach);
    void rewind(bool flush) const;
    double rate() const;

    FileUrl url_;
    SourceHost* host_ = nullptr;
    // Written by GStreamer's thread before it posts the message that the loop answers by reading them.
    GstPtr<GstPad> video_;
    double native_fps_ = 0;
};

}  // namespace camgate::camera
