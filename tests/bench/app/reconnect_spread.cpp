// 10,000 gateways lose one broker for ten minutes, in simulated time, each with the product's own link
// transport and supervisor: when does each ask for its next connection once the broker is back? Prints a JSON
// line: the most CONNECTs within a second, their mean, and how the two compare.
#include <algorithm>
#include <iostream>
#include <map>
#include <memory>
#include <optional>
#include <vector>

#include "app/link_transport.hpp"
#include "base/log.hpp"
#include "support/base/fake_clock.hpp"

namespace {

using namespace camgate;
using std::chrono::seconds;

constexpr std::size_t kGateways = 10'000;
constexpr Duration kOutage = std::chrono::minutes(10);
constexpr Duration kLongestBackOff = seconds(30);

/// Timers only, in order of their due time: 10,000 of them are one lookup each.
class TimerLoop final : public EventLoop {
  public:
    explicit TimerLoop(test::FakeClock& clock) : clock_(clock) {}

    void post(Callback fn) override {
        static_cast<void>(add(Duration::zero(), Duration::zero(), std::move(fn)));
    }
    LoopHandle runAfter(Duration delay, Callback fn) override {
        return {this, add(delay, Duration::zero(), std::move(fn))};
    }
    LoopHandle runEvery(Duration period, Callback fn) override {
        return {this, add(period, period, std::move(fn))};
    }
    LoopHandle watch(int, Ready, ReadyCallback) override { return {}; }
    void setInterest(const LoopHandle&, Ready) override {}
    const Clock& clock() const override { return clock_; }

    void runUntil(BootTime end) {
        while (!queue_.empty() && queue_.begin()->first.first <= end) {
            const auto [at, id] = queue_.begin()->first;
            const Timer timer = std::move(queue_.begin()->second);
            queue_.erase(queue_.begin());
            due_.erase(id);
            if (at > clock_.bootNow()) clock_.advance(at - clock_.bootNow());
            if (timer.period > Duration::zero()) put(id, at + timer.period, timer);
            timer.fn();
        }
        if (end > clock_.bootNow()) clock_.advance(end - clock_.bootNow());
    }

  private:
    struct Timer {
        Duration period;
        Callback fn;
    };
    std::uint64_t add(Duration delay, Duration period, Callback fn) {
        put(++last_id_, clock_.bootNow() + delay, {period, std::move(fn)});
        return last_id_;
    }
    void put(std::uint64_t id, BootTime at, Timer timer) {
        due_[id] = at;
        queue_.emplace(std::pair(at, id), std::move(timer));
    }
    void cancel(std::uint64_t id) override {
        const auto found = due_.find(id);
        if (found == due_.end()) return;
        queue_.erase({found->second, id});
        due_.erase(found);
    }

    test::FakeClock& clock_;
    std::map<std::pair<BootTime, std::uint64_t>, Timer> queue_;
    std::map<std::uint64_t, BootTime> due_;
    std::uint64_t last_id_ = 0;
};

/// Nobody answers; the first attempt after the outage is the CONNECT that counts.
class Attempts final : public ipc::Launcher {
  public:
    Attempts(const Clock& clock, BootTime back) : clock_(clock), back_(back) {}
    Result<std::unique_ptr<ipc::WorkerProcess>> launch(ipc::WorkerRole) override {
        ++attempts;
        if (!connected && clock_.bootNow() >= back_) connected = clock_.bootNow() - back_;
        return fail(ErrorKind::Unavailable, "the broker is away");
    }

    std::optional<Duration> connected;
    std::uint64_t attempts = 0;

  private:
    const Clock& clock_;
    BootTime back_;
};

}  // namespace

int main() {
    openLog("reconnect-spread", LogLevel::Error);
    test::FakeClock clock;
    TimerLoop loop(clock);
    const BootTime back = clock.bootNow() + kOutage;
    std::vector<std::unique_ptr<Attempts>> attempts;
    std::vector<std::unique_ptr<app::LinkTransport>> links;
    for (std::size_t i = 0; i < kGateways; ++i) {
        attempts.push_back(std::make_unique<Attempts>(clock, back));
        links.push_back(std::make_unique<app::LinkTransport>(
            loop, *attempts.back(), ipc::WorkerRole::LinkControl, [] { return ipc::LinkSettings(); }));
        links.back()->open();
    }
    loop.runUntil(back + kLongestBackOff + seconds(1));

    std::vector<Duration> when;
    std::uint64_t tries = 0;
    for (const auto& each : attempts) {
        tries += each->attempts;
        if (each->connected) when.push_back(*each->connected);
    }
    std::ranges::sort(when);
    std::size_t most = 0;
    for (std::size_t first = 0, last = 0; last < when.size(); ++last) {
        while (when[last] - when[first] >= seconds(1)) ++first;
        most = std::max(most, last - first + 1);
    }
    const auto in_s = [](Duration time) { return std::chrono::duration<double>(time).count(); };
    const double mean = static_cast<double>(when.size()) / in_s(when.back());
    std::cout << R"({"bench":"reconnect-spread","gateways":)" << kGateways << R"(,"came_back":)"
              << when.size() << R"(,"within_s":)" << in_s(when.back()) << R"(,"median_s":)"
              << in_s(when[when.size() / 2]) << R"(,"mean_per_s":)" << mean << R"(,"most_in_a_second":)"
              << most << R"(,"most_by_mean":)" << static_cast<double>(most) / mean << R"(,"attempts":)"
              << tries << "}\n";
    links.clear();
    return 0;
}
