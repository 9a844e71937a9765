#include "events/settings.hpp"

namespace camgate::events {
namespace {

/// Each update is a row that must reach the hub and costs the card a write.
constexpr Duration kUpdateEvery = std::chrono::seconds(10);

motion::ZoneKind kindOf(config::ZoneKind kind) {
    switch (kind) {
        case config::ZoneKind::Include:
            return motion::ZoneKind::Include;
        case config::ZoneKind::Ignore:
            return motion::ZoneKind::Ignore;
        case config::ZoneKind::Line:
            return motion::ZoneKind::Line;
    }
    return motion::ZoneKind::Include;
}

motion::Crossing crossingOf(config::Crossing crossing) {
    switch (crossing) {
        case config::Crossing::Either:
            return motion::Crossing::Either;
        case config::Crossing::ToLeft:
            return motion::Crossing::ToLeft;
        case config::Crossing::ToRight:
            return motion::Crossing::ToRight;
    }
    return motion::Crossing::Either;
}

motion::Zone detectorZone(const config::ZoneConfig& configured) {
    motion::Zone zone;
    zone.name = configured.name;
    zone.kind = kindOf(configured.kind);
    zone.crossing = crossingOf(configured.crossing);
    zone.sensitivity_percent = static_cast<std::uint8_t>(configured.sensitivity_percent);
    zone.min_height = static_cast<float>(configured.min_height);
    for (const auto& [x, y] : configured.polygon)
        zone.polygon.push_back({static_cast<float>(x), static_cast<float>(y)});
    return zone;
}

}  // namespace

motion::DetectorSettings detectorSettings(const config::MotionConfig& motion) {
    motion::DetectorSettings settings;
    settings.sensitivity_percent = static_cast<std::uint8_t>(motion.sensitivity_percent);
    settings.min_height = static_cast<float>(motion.min_height);
    for (const auto& zone : motion.zones) settings.zones.push_back(detectorZone(zone));
    return settings;
}

EventSettings eventSettings(const config::MotionConfig& motion) {
    EventSettings settings;
    settings.pre_roll = std::chrono::seconds(motion.pre_roll_s);
    settings.post_roll = std::chrono::seconds(motion.post_roll_s);
    settings.merge_gap = std::chrono::seconds(motion.merge_gap_s);
    settings.update_every = kUpdateEvery;
    settings.max_length = std::chrono::seconds(motion.max_event_s);
    return settings;
}

std::vector<std::string> zoneNames(const config::MotionConfig& motion, std::uint16_t touched) {
    std::vector<std::string> names;
    for (std::size_t i = 0; i < motion.zones.size(); ++i) {
        if ((touched >> i & 1U) != 0) names.push_back(motion.zones[i].name);
    }
    return names;
}

}  // namespace camgate::events
