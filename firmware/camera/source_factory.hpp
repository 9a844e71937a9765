// Picks the Source for a camera URL. Any thread.
#pragma once

#include <memory>
#include <string>

#include "camera/camera_url.hpp"
#include "camera/source.hpp"
#include "ipc/camera_messages.hpp"

namespace camgate::camera {

struct SourceOptions {
    std::string user;  ///< wins over what the URL says
    std::string password;
    ipc::RtspTransport transport = ipc::RtspTransport::Tcp;
};

[[nodiscard]] std::unique_ptr<Source> makeSource(const CameraUrl& url, const SourceOptions& options);

}  // namespace camgate::camera
