#include "support/camera/mount.hpp"

#include <atomic>
#include <memory>
#include <random>

#include "camera/gst_ptr.hpp"

namespace camgate::test {
namespace {

using camera::ElementPtr;
using camera::GstPtr;

std::string encoderGraph(const MountSettings& settings) {
    const std::string rate = std::to_string(settings.bitrate_kbps);
    const std::string keys = std::to_string(settings.key_interval_frames);
    if (settings.codec == "h265") {
        // Without rate control: it costs x265 four times the rest on a noisy picture.
        return "x265enc speed-preset=ultrafast tune=zerolatency qp=32 key-int-max=" + keys +
               " option-string=\"pools=none:frame-threads=1:aq-mode=0:bframes=" +
               (settings.b_frames ? "2" : "0") + "\" name=enc ! rtph265pay";
    }
    if (settings.codec == "mpeg4") return "avenc_mpeg4 name=enc ! rtpmp4vpay";
    if (settings.codec == "vp8") return "vp8enc deadline=1 cpu-used=8 name=enc ! rtpvp8pay";
    return "x264enc speed-preset=ultrafast threads=1 bitrate=" + rate + " key-int-max=" + keys +
           (settings.b_frames ? " bframes=2 b-adapt=false" : " tune=zerolatency") + " name=enc ! rtph264pay";
}

std::string mountGraph(const MountSettings& settings) {
    const bool configs = settings.codec == "h264" || settings.codec == "h265";
    return "( appsrc name=feed is-live=true ! clocksync ! queue max-size-buffers=2 ! " +
           encoderGraph(settings) + " name=pay0 pt=96" + (configs ? " config-interval=-1" : "") + " )";
}

/// What one mount needs while its factory lives.
struct Mount {
    MountSettings settings;
    const Clock& clock;
    BootTime epoch;
    std::mt19937 random{1};
};

/// Random bytes in the place of NAL units; the start code stays.
GstPadProbeReturn makeGarbage(GstPad* /*pad*/, GstPadProbeInfo* info, gpointer mount) {
    auto& random = static_cast<Mount*>(mount)->random;
    GstBuffer* buffer = gst_buffer_make_writable(GST_PAD_PROBE_INFO_BUFFER(info));
    GST_PAD_PROBE_INFO_DATA(info) = buffer;
    GstMapInfo map;
    if (gst_buffer_map(buffer, &map, GST_MAP_READWRITE) == FALSE) return GST_PAD_PROBE_DROP;
    for (gsize i = 4; i < map.size; ++i) map.data[i] = static_cast<guint8>(random());
    gst_buffer_unmap(buffer, &map);
    return GST_PAD_PROBE_OK;
}

GstPadProbeReturn fallSilent(GstPad* /*pad*/, GstPadProbeInfo* info, gpointer mount) {
    const auto& feed = static_cast<Mount*>(mount)->settings.feed;
    const GstBuffer* buffer = GST_PAD_PROBE_INFO_BUFFER(info);
    const auto limit = static_cast<GstClockTime>(std::chrono::nanoseconds(feed.stop_after).count());
    return GST_BUFFER_PTS(buffer) >= limit ? GST_PAD_PROBE_DROP : GST_PAD_PROBE_OK;
}

std::uint64_t frameOfNow(const Mount& mount) {
    const auto since = mount.clock.bootNow() - mount.epoch;
    return static_cast<std::uint64_t>(since.count() * mount.settings.feed.fps / 1'000'000'000);
}

void onConfigure(GstRTSPMediaFactory* /*factory*/, GstRTSPMedia* media, Mount* mount) {
    const ElementPtr bin(gst_rtsp_media_get_element(media));
    const ElementPtr feed(gst_bin_get_by_name_recurse_up(GST_BIN(bin.get()), "feed"));
    const ElementPtr encoder(gst_bin_get_by_name_recurse_up(GST_BIN(bin.get()), "enc"));
    if (auto fed = connectFeed(GST_APP_SRC(feed.get()), mount->settings.feed, frameOfNow(*mount)); !fed) {
        g_printerr("feed: %s\n", fed.error().describe().c_str());
    }
    const GstPtr<GstPad> pictures(gst_element_get_static_pad(feed.get(), "src"));
    const GstPtr<GstPad> encoded(gst_element_get_static_pad(encoder.get(), "src"));
    if (mount->settings.feed.stop_after.count() > 0) {
        gst_pad_add_probe(pictures.get(), GST_PAD_PROBE_TYPE_BUFFER, fallSilent, mount, nullptr);
    }
    if (mount->settings.garbage) {
        gst_pad_add_probe(encoded.get(), GST_PAD_PROBE_TYPE_BUFFER, makeGarbage, mount, nullptr);
    }
}

void forgetMount(gpointer mount, GClosure* /*closure*/) {
    delete static_cast<Mount*>(mount);
}

}  // namespace

Status addMount(GstRTSPServer* server, const std::string& path, const MountSettings& settings,
                const Clock& clock, BootTime epoch) {
    if (auto size = feedSize(settings.feed); !size) return std::unexpected(size.error());
    GstRTSPMediaFactory* factory = gst_rtsp_media_factory_new();
    gst_rtsp_media_factory_set_launch(factory, mountGraph(settings).c_str());
    gst_rtsp_media_factory_set_shared(factory, TRUE);
    gst_rtsp_media_factory_set_suspend_mode(factory, GST_RTSP_SUSPEND_MODE_NONE);
    if (settings.authenticated) {
        gst_rtsp_media_factory_add_role(factory, kViewerRole, GST_RTSP_PERM_MEDIA_FACTORY_ACCESS,
                                        G_TYPE_BOOLEAN, TRUE, GST_RTSP_PERM_MEDIA_FACTORY_CONSTRUCT,
                                        G_TYPE_BOOLEAN, TRUE, nullptr);
    }
    g_signal_connect_data(factory, "media-configure", G_CALLBACK(onConfigure),
                          new Mount{settings, clock, epoch, std::mt19937{1}}, forgetMount,
                          static_cast<GConnectFlags>(0));
    GstRTSPMountPoints* mounts = gst_rtsp_server_get_mount_points(server);
    gst_rtsp_mount_points_add_factory(mounts, path.c_str(), factory);
    g_object_unref(mounts);
    return {};
}

}  // namespace camgate::test
