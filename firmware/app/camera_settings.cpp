#include "app/camera_settings.hpp"

namespace camgate::app {
namespace {

/// Each update is a row that must reach the hub and costs the card a write.
constexpr Duration kUpdateEvery = std::chrono::seconds(10);

motion::Zone detectorZone(const config::ZoneConfig& configured) {
    motion::Zone zone;
    zone.name = configured.name;
    zone.kind =
        configured.kind == config::ZoneKind::Ignore ? motion::ZoneKind::Ignore : motion::ZoneKind::Include;
    for (const auto& [x, y] : configured.polygon)
        zone.polygon.push_back({static_cast<float>(x), static_cast<float>(y)});
    return zone;
}

}  // namespace

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
    settings.detector.sensitivity_percent = static_cast<std::uint8_t>(camera.motion.sensitivity_percent);
    settings.detector.min_height = static_cast<float>(camera.motion.min_height);
    for (const auto& zone : camera.motion.zones) settings.detector.zones.push_back(detectorZone(zone));
    return settings;
}

events::EventSettings eventSettings(const config::MotionConfig& motion) {
    events::EventSettings settings;
    settings.pre_roll = std::chrono::seconds(motion.pre_roll_s);
    settings.post_roll = std::chrono::seconds(motion.post_roll_s);
    settings.merge_gap = std::chrono::seconds(motion.merge_gap_s);
    settings.update_every = kUpdateEvery;
    settings.max_length = std::chrono::seconds(motion.max_event_s);
    return settings;
}

}  // namespace camgate::app
