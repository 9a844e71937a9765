// One stream of a simulated camera: a shared RTSP mount with its feed, encoder and faults. GLib main loop's
// thread, faults on streaming threads.
#pragma once

#include <gst/rtsp-server/rtsp-server.h>

#include <chrono>
#include <functional>
#include <string>

#include "base/clock.hpp"
#include "support/camera/feed.hpp"

namespace camgate::test {

struct MountSettings {
    FeedSettings feed;
    std::string codec = "h264";  ///< h264, h265, mpeg4, vp8
    int bitrate_kbps = 1500;
    int key_interval_frames = 20;
    bool garbage = false;
    bool b_frames = false;
    bool authenticated = false;
};

/// The yard's story began at `epoch`: all mounts of one camera show the same moment of it.
[[nodiscard]] Status addMount(GstRTSPServer* server, const std::string& path, const MountSettings& settings,
                              const Clock& clock, BootTime epoch);

constexpr const char* kViewerRole = "viewer";

}  // namespace camgate::test
