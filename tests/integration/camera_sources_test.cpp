// Sources and pictures inside one process, with GStreamer but without a camera.
#include <gst/gst.h>

#include <catch2/catch.hpp>
#include <mutex>
#include <vector>

#include "base/epoll_loop.hpp"
#include "camera/analyser.hpp"
#include "camera/picture_decoder.hpp"
#include "camera/rtsp_source.hpp"
#include "camera/snapshotter.hpp"
#include "camera/stream_pipeline.hpp"
#include "camera/v4l2_source.hpp"

using namespace camgate;
using namespace camgate::camera;
using namespace std::chrono_literals;

namespace {

void startGStreamer() {
    gst_init(nullptr, nullptr);
}

GstPtr<GstCaps> capsOf(const char* text) {
    return GstPtr<GstCaps>(gst_caps_from_string(text));
}

/// Counts what a stream gives.
struct Watching : StreamObserver, PictureTap {
    int units = 0;
    std::vector<BootTime> times;
    std::optional<Failure> failure;
    std::mutex mutex;
    int raw_pictures = 0;
    int encoded_pictures = 0;

    void onUnit(media::StreamKind, media::Codec, ReceivedUnit unit) override {
        ++units;
        if (unit.pts) times.push_back(*unit.pts);
    }
    void onStreamAnswered(media::StreamKind) override {}
    void onStreamFailed(media::StreamKind, Failure what) override { failure = std::move(what); }
    void onEncoded(GstBuffer*, GstCaps*) override {
        const std::lock_guard lock(mutex);
        ++encoded_pictures;
    }
    void onRaw(GstBuffer*, GstCaps*) override {
        const std::lock_guard lock(mutex);
        ++raw_pictures;
    }
};

/// A picture of one grey, as the snapshotter gets it.
SamplePtr grey(int width, int height) {
    const auto size = static_cast<gsize>(width * height * 3 / 2);
    GstBuffer* buffer = gst_buffer_new_allocate(nullptr, size, nullptr);
    gst_buffer_memset(buffer, 0, 128, size);
    GST_BUFFER_PTS(buffer) = GST_SECOND;
    const GstPtr<GstCaps> caps(gst_caps_new_simple("video/x-raw", "format", G_TYPE_STRING, "I420", "width",
                                                   G_TYPE_INT, width, "height", G_TYPE_INT, height,
                                                   "framerate", GST_TYPE_FRACTION, 10, 1, nullptr));
    SamplePtr sample(gst_sample_new(buffer, caps.get(), nullptr, nullptr));
    gst_buffer_unref(buffer);
    return sample;
}

}  // namespace

TEST_CASE("v4l2: H.264 is taken before MJPEG, and MJPEG before raw pictures", "[integration]") {
    startGStreamer();
    CHECK(chooseCapture(*capsOf("video/x-raw; image/jpeg; video/x-h264")) == CaptureKind::H264);
    CHECK(chooseCapture(*capsOf("video/x-raw,format=YUY2; image/jpeg")) == CaptureKind::Jpeg);
    CHECK(chooseCapture(*capsOf("video/x-raw,format=YUY2,width=640")) == CaptureKind::Raw);
    CHECK_FALSE(chooseCapture(*capsOf("video/x-bayer")));
}

TEST_CASE("v4l2: every kind of camera gives access units, and pictures where they are at hand",
          "[integration]") {
    startGStreamer();
    struct Row {
        const char* capture;
        bool raw;
    };
    const auto row = GENERATE(
        Row{"videotestsrc is-live=true num-buffers=40 ! "
            "video/x-raw,format=YUY2,width=640,height=480,framerate=30/1",
            true},
        Row{"videotestsrc is-live=true num-buffers=40 ! video/x-raw,width=640,height=480,framerate=30/1 ! "
            "jpegenc",
            true},
        Row{"videotestsrc is-live=true num-buffers=40 ! video/x-raw,width=640,height=480,framerate=30/1 ! "
            "openh264enc ! h264parse ! video/x-h264,stream-format=byte-stream",
            false});
    CAPTURE(row.capture);
    GstElement* capture = gst_parse_bin_from_description(row.capture, TRUE, nullptr);
    REQUIRE(capture);
    const SystemClock clock;
    auto loop = EpollLoop::open(clock).value();
    Watching watching;
    const BootTime began = clock.bootNow();
    StreamPipeline pipeline(
        *loop, media::StreamKind::Main,
        std::make_unique<V4l2Source>(V4l2Url{.device = "/dev/video0", .width_px = 640, .height_px = 480},
                                     ElementPtr(GST_ELEMENT(gst_object_ref_sink(capture)))),
        "", watching);
    pipeline.setTap(&watching);
    pipeline.start();
    const BootTime end = clock.bootNow() + 10s;
    while (watching.units < 25 && !watching.failure && clock.bootNow() < end) loop->turn(20ms);
    pipeline.stopNow();
    CHECK_FALSE(watching.failure);
    CHECK(watching.units >= 25);
    CHECK(pipeline.bytes() > 0);
    CHECK((watching.raw_pictures > 0) == row.raw);
    CHECK(watching.encoded_pictures > 0);
    // Presentation times are boot times: 25 frames at 30 a second are 0.8 s apart.
    REQUIRE(watching.times.size() >= 25);
    CHECK(watching.times.front() > began - 100ms);
    CHECK(watching.times[24] - watching.times[0] > 700ms);
    CHECK(watching.times[24] - watching.times[0] < 900ms);
}

TEST_CASE("rtsp: the first stream that can be recorded is chosen, and what cannot is named",
          "[integration]") {
    startGStreamer();
    struct Row {
        const char* media;
        int stream;
        const char* codec;
    };
    const auto row =
        GENERATE(Row{"m=audio 0 RTP/AVP 0\r\nm=video 0 RTP/AVP 96\r\na=rtpmap:96 H264/90000\r\n", 1, "H264"},
                 Row{"m=video 0 RTP/AVP 96\r\na=rtpmap:96 H265/90000\r\n", 0, "H265"},
                 Row{"m=video 0 RTP/AVP 26\r\nm=video 0 RTP/AVP 96\r\na=rtpmap:96 H264/90000\r\n", 1, "H264"},
                 Row{"m=video 0 RTP/AVP 97\r\na=rtpmap:97 AV1/90000\r\n", -1, "AV1"},
                 Row{"m=audio 0 RTP/AVP 0\r\n", -1, ""}, Row{"", -1, ""});
    const std::string text = std::string("v=0\r\no=- 1 1 IN IP4 10.0.0.1\r\ns=x\r\nt=0 0\r\n") + row.media;
    GstSDPMessage* sdp = nullptr;
    REQUIRE(gst_sdp_message_new_from_text(text.c_str(), &sdp) == GST_SDP_OK);
    const SdpChoice choice = chooseStream(*sdp);
    gst_sdp_message_free(sdp);
    CHECK(choice.stream == row.stream);
    CHECK(choice.codec == row.codec);
}

TEST_CASE("snapshot: never enlarged, within its limit, or an error that says so", "[integration]") {
    startGStreamer();
    const SamplePtr picture = grey(320, 240);
    const auto small = encodeJpeg(picture.get(), 160, 100'000);
    REQUIRE(small);
    const auto whole = encodeJpeg(picture.get(), 4000, 100'000);
    REQUIRE(whole);
    CHECK(small->size() < whole->size());
    CHECK((*whole)[0] == 0xFF);
    CHECK((*whole)[1] == 0xD8);
    const auto too_large = encodeJpeg(picture.get(), 320, 10);
    REQUIRE_FALSE(too_large);
    CHECK(too_large.error().kind == ErrorKind::NoSpace);
}

TEST_CASE("analyser: a loop that falls behind loses the oldest pictures", "[integration]") {
    startGStreamer();
    const SystemClock clock;
    auto loop = EpollLoop::open(clock).value();
    int results = 0;
    Analyser analyser(*loop, 10, motion::Detector::create({}).value(), [&](const auto&) { ++results; });
    CHECK_FALSE(analyser.newest());
    for (int i = 0; i < 20; ++i) {
        SamplePtr picture = grey(320, 240);
        GST_BUFFER_PTS(gst_sample_get_buffer(picture.get())) = static_cast<GstClockTime>(i + 1) * GST_SECOND;
        analyser.offer(std::move(picture));
    }
    loop->turn(0ms);
    CHECK(results == 12);  // as many as wait: what a gated decoder hands over at once
    CHECK(analyser.analysedFrames() == 12);
    CHECK(pictureTime(*analyser.newest()) == BootTime(20s));
}

TEST_CASE("decoder: garbage costs pictures, not the process, and keyframes open it again", "[integration]") {
    startGStreamer();
    std::atomic<int> pictures = 0;
    {
        PictureDecoder decoder([&](SamplePtr) { ++pictures; }, DecodeSettings{});
        const auto caps = capsOf("video/x-h264,stream-format=byte-stream,alignment=au,width=64,height=64");
        for (int i = 0; i < 200; ++i) {
            GstPtr<GstBuffer> unit(gst_buffer_new_allocate(nullptr, 100, nullptr));
            gst_buffer_memset(unit.get(), 0, static_cast<guint8>(i), 100);
            GST_BUFFER_PTS(unit.get()) = static_cast<GstClockTime>(i) * GST_MSECOND;
            decoder.onEncoded(unit.get(), caps.get());
        }
    }
    CHECK(pictures == 0);
}
