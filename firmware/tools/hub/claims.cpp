#include "tools/hub/claims.hpp"

#include <algorithm>

namespace camgate::hub {

void Claims::heard(const std::string& clip, bool last, BootTime now) {
    if (last) {
        owned_.erase(clip);
        return;
    }
    if (owned_.size() >= kMost && !owned_.contains(clip)) {
        owned_.erase(
            std::ranges::min_element(owned_, {}, [](const auto& other) { return other.second.heard; }));
    }
    owned_[clip] = {now};
}

void Claims::announced(const std::string& clip, BootTime now) {
    const auto found = owned_.find(clip);
    if (found == owned_.end() || found->second.waiting) return;
    // Its answer may have been quicker than the announcement.
    if (now - found->second.heard < kOwnersTurn) return;
    found->second.waiting = true;
    found->second.announced = now;
}

std::vector<std::string> Claims::takeDue(BootTime now) {
    std::vector<std::string> due;
    for (const auto& [clip, other] : owned_) {
        if (other.waiting && now - other.announced > kOwnersTurn) due.push_back(clip);
    }
    for (const auto& clip : due) owned_.erase(clip);
    return due;
}

}  // namespace camgate::hub
