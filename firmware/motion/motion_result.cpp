#include "motion/motion_result.hpp"

namespace camgate::motion {
namespace {

constexpr std::array<std::string_view, static_cast<std::size_t>(Rejection::Count)> kNames{
    "global-change", "illumination", "too-small", "too-short", "no-displacement", "flicker", "ignore-zone",
    "outside-zones", "erratic",      "weather",   "sway"};

constexpr std::array<std::string_view, static_cast<std::size_t>(SceneState::Count)> kSceneNames{
    "ok", "covered", "moved", "black", "frozen", "blurred", "overexposed"};

}  // namespace

std::string_view toString(SceneState state) {
    const auto index = static_cast<std::size_t>(state);
    return index < kSceneNames.size() ? kSceneNames[index] : "unknown";
}

std::string_view toString(Rejection reason) {
    const auto index = static_cast<std::size_t>(reason);
    return index < kNames.size() ? kNames[index] : "unknown";
}

}  // namespace camgate::motion
