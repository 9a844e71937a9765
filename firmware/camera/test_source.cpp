#include "camera/test_source.hpp"

#include "camera/gst_ptr.hpp"
#include "camera/yard_feed.hpp"

namespace camgate::camera {

Status TestSource::build(SourceHost& host) {
    auto feed = makeElement("appsrc");
    auto pace = makeElement("clocksync");
    if (!feed) return std::unexpected(feed.error());
    if (!pace) return std::unexpected(pace.error());
    motion::SyntheticSettings scene;
    scene.width_px = url_.width_px;
    scene.height_px = url_.height_px;
    scene.fps = url_.fps;
    scene.seed = url_.seed;
    scene.empty = url_.empty;
    scene.walk = url_.walk;
    if (auto fed = feedYard(GST_APP_SRC(feed->get()), scene); !fed) return fed;
    gst_bin_add_many(GST_BIN(host.pipeline()), feed->get(), pace->get(), nullptr);
    if (gst_element_link(feed->get(), pace->get()) == FALSE)
        return fail(ErrorKind::Internal, "linking test:");
    const GstPtr<GstPad> out(gst_element_get_static_pad(pace->get(), "src"));
    host.onAnswered();
    host.countBytes(out.get());
    host.attachRaw(out.get(), url_.codec);
    return {};
}

}  // namespace camgate::camera
