#include "app/camera_settings.hpp"

#include "events/settings.hpp"

namespace camgate::app {

ipc::CameraSettings workerSettings(const config::CameraConfig& camera) {
    ipc::CameraSettings settings;
    settings.camera = camera.id;
    settings.main_url = camera.main;
    settings.sub_url = camera.sub;
    settings.user = camera.user;
    settings.password = camera.password;
    settings.transport =
        camera.transport == config::Transport::Udp ? ipc::RtspTransport::Udp : ipc::RtspTransport::Tcp;
    settings.detect_motion = camera.motion.enabled;
    settings.analysis_fps = static_cast<std::uint8_t>(camera.motion.analysis_fps);
    settings.decode_gate = camera.motion.decode_gate;
    settings.detector = events::detectorSettings(camera.motion);
    return settings;
}

}  // namespace camgate::app
