#include "app/watchdog.hpp"

#include <algorithm>
#include <utility>

#include "base/log.hpp"

namespace camgate::app {
namespace {

constexpr Duration kLongestPause = std::chrono::seconds(10);

}  // namespace

Watchdog::Watchdog(EventLoop& loop, const ServiceManager& manager, std::function<Work()> work,
                   std::function<void(const std::string& why)> starving)
    : loop_(loop), manager_(manager), work_(std::move(work)), starving_(std::move(starving)) {
    if (!manager.patience()) return;
    tick_ = loop.runEvery(std::min(*manager.patience() / 3, kLongestPause), [this] { feed(); });
    feed();
}

void Watchdog::feed() {
    if (starved_) return;
    const std::string still = liveness_.look(work_(), loop_.clock().bootNow());
    if (still.empty()) return manager_.tell("WATCHDOG=1");
    starved_ = true;
    logEvent(LogLevel::Error, "app", "watchdog-starved", {{"why", still}});
    starving_(still);
}

}  // namespace camgate::app
