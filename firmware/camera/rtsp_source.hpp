// An IP camera over RTSP: the first video stream that camgate can record, over TCP unless asked otherwise.
// Requests go to the host of the URL only: redirects and control URLs that lead elsewhere are refused before
// anything is sent there. Loop thread, its callbacks on rtspsrc's.
#pragma once

#include <gst/rtsp/gstrtspmessage.h>
#include <gst/sdp/gstsdpmessage.h>

#include <atomic>
#include <string>

#include "camera/camera_url.hpp"
#include "camera/source.hpp"
#include "ipc/camera_messages.hpp"

namespace camgate::camera {

struct RtspAccess {
    std::string user;
    std::string password;
    ipc::RtspTransport transport = ipc::RtspTransport::Tcp;
};

class RtspSource final : public Source {
  public:
    RtspSource(RtspUrl url, RtspAccess access);
    Status build(SourceHost& host) override;

  private:
    static void onSdp(GstElement* src, GstSDPMessage* sdp, RtspSource* self);
    static gboolean onSelectStream(GstElement* src, guint index, GstCaps* caps, RtspSource* self);
    static gboolean onBeforeSend(GstElement* src, GstRTSPMessage* message, RtspSource* self);
    static void onPadAdded(GstElement* src, GstPad* pad, RtspSource* self);

    RtspUrl url_;
    RtspAccess access_;
    SourceHost* host_ = nullptr;
    std::atomic<int> chosen_stream_{-1};
};

/// Which stream of a session description is to be recorded.
struct SdpChoice {
    int stream = -1;    ///< -1: none
    std::string codec;  ///< of the first video stream, as the camera names it; empty: no video at all
};
SdpChoice chooseStream(const GstSDPMessage& sdp);

}  // namespace camgate::camera
