#include "config/trial.hpp"

#include <utility>

namespace camgate::config {

void Trial::begin(Demands demands, Duration within, Ended ended) {
    demands_ = std::move(demands);
    health_ = {};
    ended_ = std::move(ended);
    due_ = loop_.clock().bootNow() + within;
    timer_ = loop_.runAfter(within, [this] { end(lacking()); });
}

void Trial::look(const Health& health) {
    if (!running()) return;
    health_ = health;
    endIfMet();
}

void Trial::confirm() {
    if (!running()) return;
    demands_.confirmation = false;
    endIfMet();
}

Duration Trial::left() const {
    return running() ? due_ - loop_.clock().bootNow() : Duration::zero();
}

std::string Trial::lacking() const {
    std::string text;
    const auto add = [&text](const std::string& what) { text += (text.empty() ? "" : ", ") + what; };
    if (demands_.link && !health_.link_up) add("the hub link is not back");
    for (const std::string& camera : demands_.cameras) {
        if (!health_.live_cameras.contains(camera) && !health_.paused_cameras.contains(camera))
            add("camera " + camera + " is not back");
    }
    if (demands_.confirmation) add("nobody confirmed it");
    return text;
}

void Trial::endIfMet() {
    if (lacking().empty()) end("");
}

void Trial::end(const std::string& lacking) {
    if (!running()) return;
    timer_.cancel();
    std::exchange(ended_, nullptr)(lacking);
}

}  // namespace camgate::config
