#include "app/liveness.hpp"

namespace camgate::app {

std::string Liveness::look(const Work& work, BootTime now) {
    std::string still;
    const auto add = [&still](const std::string& what) { still += (still.empty() ? "" : ", ") + what; };
    for (const Work::Camera& camera : work.cameras) {
        if (stands("frames of " + camera.id, camera.delivers, camera.frames, now))
            add("camera " + camera.id + " delivers nothing");
        const bool stores = camera.delivers && camera.recorded && work.card_works;
        if (stands("records of " + camera.id, stores, camera.stored_records, now))
            add("nothing of camera " + camera.id + " is stored");
    }
    return still;
}

bool Liveness::stands(const std::string& what, bool claims, std::uint64_t count, BootTime now) {
    const auto [found, is_new] = progress_.try_emplace(what, Progress{count, now});
    Progress& progress = found->second;
    if (!claims || is_new || count != progress.count) {
        progress = {count, now};
        return false;
    }
    return now - progress.since > kStandstill;
}

}  // namespace camgate::app
