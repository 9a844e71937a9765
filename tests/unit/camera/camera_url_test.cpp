#include "camera/camera_url.hpp"

#include <catch2/catch.hpp>

using namespace camgate;
using namespace camgate::camera;

TEST_CASE("camera url: an rtsp URL gives host, port and a location without its user part", "[camera]") {
    const auto url = parseCameraUrl("rtsp://ad%40min:p%3Ass@10.0.0.5:8554/live/1?ch=2");
    REQUIRE(url);
    const auto& rtsp = std::get<RtspUrl>(*url);
    CHECK(rtsp.host == "10.0.0.5");
    CHECK(rtsp.port == 8554);
    CHECK(rtsp.user == "ad@min");
    CHECK(rtsp.password == "p:ss");
    CHECK(rtsp.location == "rtsp://10.0.0.5:8554/live/1?ch=2");
}

TEST_CASE("camera url: an rtsp URL may be bare and its host an IPv6 address", "[camera]") {
    const auto bare = parseCameraUrl("rtsp://camera");
    REQUIRE(bare);
    CHECK(std::get<RtspUrl>(*bare).port == 554);
    CHECK(std::get<RtspUrl>(*bare).user.empty());
    const auto v6 = parseCameraUrl("rtsp://[fe80::1]:554/x");
    REQUIRE(v6);
    CHECK(std::get<RtspUrl>(*v6).host == "[fe80::1]");
}

TEST_CASE("camera url: the other schemes take their parameters", "[camera]") {
    const auto usb = parseCameraUrl("v4l2:/dev/video2?width=640&height=480");
    REQUIRE(usb);
    CHECK(std::get<V4l2Url>(*usb).device == "/dev/video2");
    CHECK(std::get<V4l2Url>(*usb).width_px == 640);

    const auto file = parseCameraUrl("file:/footage/a b.avi?loop=1&fps=5");
    REQUIRE(file);
    CHECK(std::get<FileUrl>(*file).path == "/footage/a b.avi");
    CHECK(std::get<FileUrl>(*file).loop);
    CHECK(std::get<FileUrl>(*file).fps == 5);

    const auto test = parseCameraUrl("test:yard?seed=7&width=320&height=180&codec=h265&empty_s=2&walk_s=3");
    REQUIRE(test);
    const auto& yard = std::get<TestUrl>(*test);
    CHECK(yard.seed == 7);
    CHECK(yard.width_px == 320);
    CHECK(yard.codec == media::Codec::H265);
    CHECK(yard.empty == std::chrono::seconds(2));
    CHECK(yard.walk == std::chrono::seconds(3));
}

TEST_CASE("camera url: what cannot be used is refused and says what was expected", "[camera]") {
    const auto url =
        GENERATE(as<std::string>{}, "", "http://camera/x", "rtsp://", "rtsp://u:p@/x", "rtsp://camera:0/x",
                 "rtsp://camera:port/x", "rtsp://[fe80::1/x", "rtsp://a%zz:b@camera/x", "v4l2:video0",
                 "v4l2:/dev/video0?width=5", "file:", "file:/x?loop=2", "file:/x?speed=2", "test:house",
                 "test:yard?codec=vp8", "test:yard?fps=0", "test:yard?seed=-1", "test:yard?walk_s=0");
    CAPTURE(url);
    const auto parsed = parseCameraUrl(url);
    REQUIRE_FALSE(parsed);
    CHECK(parsed.error().kind == ErrorKind::InvalidArgument);
    CHECK(parsed.error().context.find("u:p") == std::string::npos);
}

TEST_CASE("redact: no user part and no password is left in a text", "[camera]") {
    CHECK(redact("opening rtsp://me:secret@host/x and rtsp://b:c@d") == "opening rtsp://host/x and rtsp://d");
    CHECK(redact("rtsp://me:se@cret@host/x") == "rtsp://host/x");
    CHECK(redact("mail@host, rtsp://host/a@b") == "mail@host, rtsp://host/a@b");
    CHECK(redact("the word hunter2 twice: hunter2", "hunter2") == "the word *** twice: ***");
    CHECK(redact("nothing", "") == "nothing");
}
