#include "camera/yard_feed.hpp"

#include <algorithm>
#include <memory>
#include <utility>

#include "camera/gst_ptr.hpp"

namespace camgate::camera {
namespace {

// Warm ground, cool upper half: enough to see that pictures are in colour.
constexpr std::uint8_t kBlueDifferenceTop = 134;
constexpr std::uint8_t kBlueDifferenceGround = 118;
constexpr std::uint8_t kRedDifference = 132;

class YardFeed {
  public:
    YardFeed(motion::SyntheticScene scene, std::uint64_t first_frame)
        : scene_(std::move(scene)), first_frame_(first_frame) {}

    void push(GstAppSrc* appsrc) {
        const auto width = static_cast<std::size_t>(scene_.settings().width_px);
        const auto height = static_cast<std::size_t>(scene_.settings().height_px);
        const std::size_t luma = width * height;
        const std::size_t chroma = luma / 4;
        GstBuffer* buffer = gst_buffer_new_allocate(nullptr, luma + 2 * chroma, nullptr);
        GstMapInfo map;
        if (gst_buffer_map(buffer, &map, GST_MAP_WRITE) == FALSE) return gst_buffer_unref(buffer);
        const std::span<std::uint8_t> bytes(map.data, map.size);
        const auto rendered = scene_.render(first_frame_ + index_, bytes.first(luma));
        std::ranges::fill(bytes.subspan(luma, chroma / 2), kBlueDifferenceTop);
        std::ranges::fill(bytes.subspan(luma + chroma / 2, chroma - chroma / 2), kBlueDifferenceGround);
        std::ranges::fill(bytes.subspan(luma + chroma), kRedDifference);
        gst_buffer_unmap(buffer, &map);
        if (!rendered) return gst_buffer_unref(buffer);
        GST_BUFFER_PTS(buffer) = static_cast<GstClockTime>(scene_.timeOf(index_).count());
        GST_BUFFER_DURATION(buffer) =
            static_cast<GstClockTime>((scene_.timeOf(index_ + 1) - scene_.timeOf(index_)).count());
        ++index_;
        gst_app_src_push_buffer(appsrc, buffer);
    }

  private:
    motion::SyntheticScene scene_;
    std::uint64_t first_frame_;
    std::uint64_t index_ = 0;
};

void onNeedData(GstAppSrc* appsrc, guint /*length*/, gpointer feed) {
    static_cast<YardFeed*>(feed)->push(appsrc);
}
void destroyFeed(gpointer feed) {
    delete static_cast<YardFeed*>(feed);
}

}  // namespace

Status feedYard(GstAppSrc* appsrc, const motion::SyntheticSettings& settings, std::uint64_t first_frame) {
    auto scene = motion::SyntheticScene::create(settings);
    if (!scene) return passOn(scene.error(), "the synthetic yard");
    const GstPtr<GstCaps> caps(gst_caps_new_simple(
        "video/x-raw", "format", G_TYPE_STRING, "I420", "width", G_TYPE_INT, settings.width_px, "height",
        G_TYPE_INT, settings.height_px, "framerate", GST_TYPE_FRACTION, settings.fps, 1, nullptr));
    g_object_set(appsrc, "caps", caps.get(), "format", GST_FORMAT_TIME, "max-buffers", guint64{2},
                 "max-bytes", guint64{0}, nullptr);
    GstAppSrcCallbacks callbacks{};
    callbacks.need_data = onNeedData;
    auto feed = std::make_unique<YardFeed>(std::move(*scene), first_frame);
    gst_app_src_set_callbacks(appsrc, &callbacks, feed.release(), destroyFeed);
    return {};
}

}  // namespace camgate::camera
