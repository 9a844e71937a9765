#include "camera/failure.hpp"

#include <gst/gst.h>

#include <catch2/catch.hpp>

using namespace camgate;
using namespace camgate::camera;
using ipc::CameraState;

TEST_CASE("failure: RTSP status codes become states", "[camera]") {
    struct Row {
        const char* debug;
        CameraState state;
    };
    const auto row = GENERATE(Row{"gst_rtspsrc_send: Unauthorized (401)", CameraState::AuthFailed},
                              Row{"Forbidden (403)", CameraState::AuthFailed},
                              Row{"Not Found (404)", CameraState::NoFrames},
                              Row{"Service Unavailable (503)", CameraState::NoFrames});
    CAPTURE(row.debug);
    CHECK(classify({GstDomain::Resource, GST_RESOURCE_ERROR_READ, "no", row.debug}, "").state == row.state);
}

TEST_CASE("failure: codes of GStreamer become states", "[camera]") {
    struct Row {
        GstDomain domain;
        int code;
        CameraState state;
    };
    const auto row =
        GENERATE(Row{GstDomain::Resource, GST_RESOURCE_ERROR_OPEN_READ_WRITE, CameraState::NoLink},
                 Row{GstDomain::Resource, GST_RESOURCE_ERROR_NOT_AUTHORIZED, CameraState::AuthFailed},
                 Row{GstDomain::Resource, GST_RESOURCE_ERROR_NOT_FOUND, CameraState::NoLink},
                 Row{GstDomain::Resource, GST_RESOURCE_ERROR_WRITE, CameraState::NoLink},
                 Row{GstDomain::Stream, GST_STREAM_ERROR_CODEC_NOT_FOUND, CameraState::Unsupported},
                 Row{GstDomain::Stream, GST_STREAM_ERROR_FAILED, CameraState::NoFrames},
                 Row{GstDomain::Core, GST_CORE_ERROR_MISSING_PLUGIN, CameraState::Unsupported},
                 Row{GstDomain::Other, 1, CameraState::NoFrames});
    CAPTURE(row.code);
    CHECK(classify({row.domain, row.code, "text", ""}, "").state == row.state);
}

TEST_CASE("failure: the detail carries no password and has a bounded length", "[camera]") {
    const Failure failure = classify({GstDomain::Resource, GST_RESOURCE_ERROR_OPEN_READ_WRITE,
                                      "rtsp://me:hunter2@cam hunter2 " + std::string(2000, 'x'), ""},
                                     "hunter2");
    CHECK(failure.detail.find("hunter2") == std::string::npos);
    CHECK(failure.detail.size() <= 300);
}
