// Where a camera's pictures come from, parsed. Credentials never stay in a URL: what stands in one is moved
// out into fields of its own. Implements docs/ref/camera.md. Plain values, any thread.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>
#include <variant>

#include "base/result.hpp"
#include "media/access_unit.hpp"

namespace camgate::camera {

struct RtspUrl {
    std::string host;
    std::uint16_t port = 554;
    std::string location;  ///< whole URL without user and password
    std::string user;      ///< percent-decoded; empty if the URL had none
    std::string password;
};

struct V4l2Url {
    std::string device;
    int width_px = 1280;
    int height_px = 720;
};

struct FileUrl {
    std::string path;
    bool loop = false;
    int fps = 0;  ///< 0: as the file says
};

struct TestUrl {
    std::uint32_t seed = 1;
    int width_px = 1280;
    int height_px = 720;
    int fps = 10;
    media::Codec codec = media::Codec::H264;
    std::chrono::seconds empty{20};
    std::chrono::seconds walk{6};
};

using CameraUrl = std::variant<RtspUrl, V4l2Url, FileUrl, TestUrl>;

/// InvalidArgument says what was expected and never repeats the URL's user part.
[[nodiscard]] Result<CameraUrl> parseCameraUrl(std::string_view url);

/// The text with "//user:password@" cut to "//" wherever it stands, and every `secret` longer than two bytes
/// masked: for logs and reports.
std::string redact(std::string_view text, std::string_view secret = {});

}  // namespace camgate::camera
