// EventLoop over epoll, an eventfd for post() and one timerfd for all timers. Loop thread only, except post()
// and stop().
#pragma once

#include <map>
#include <memory>
#include <mutex>
#include <set>
#include <vector>

#include "base/event_loop.hpp"
#include "base/result.hpp"
#include "base/unique_fd.hpp"

namespace camgate {

class EpollLoop final : public EventLoop {
  public:
    [[nodiscard]] static Result<std::unique_ptr<EpollLoop>> open(const Clock& clock);
    ~EpollLoop() override;

    void post(Callback fn) override;
    LoopHandle runAfter(Duration delay, Callback fn) override;
    LoopHandle runEvery(Duration period, Callback fn) override;
    LoopHandle watch(int fd, Ready interest, ReadyCallback fn) override;
    void setInterest(const LoopHandle& watch, Ready interest) override;
    const Clock& clock() const override { return clock_; }

    /// Runs until stop(); what was posted before it still runs. May be called again.
    void run();
    /// One turn, waiting at most `longest`.
    void turn(Duration longest);
    /// Any thread, also from a signal's callback on the loop.
    void stop();

  private:
    struct TimerEntry {
        BootTime due;
        Duration period;  // zero: once
        Callback fn;
    };
    struct WatchEntry {
        int fd;
        ReadyCallback fn;
    };

    EpollLoop(const Clock& clock, UniqueFd epoll, UniqueFd wake, UniqueFd timer);
    void cancel(std::uint64_t id) override;
    LoopHandle addTimer(Duration delay, Duration period, Callback fn);
    void armTimer();
    void runDueTimers();
    void runPosted();
    void runWatch(std::uint64_t id, std::uint32_t events);

    const Clock& clock_;
    UniqueFd epoll_, wake_, timer_;
    std::uint64_t next_id_ = 3;  // 1 is the wake descriptor, 2 the timer
    std::map<std::uint64_t, std::shared_ptr<TimerEntry>> timers_;
    std::set<std::pair<BootTime, std::uint64_t>> due_;
    std::map<std::uint64_t, std::shared_ptr<WatchEntry>> watches_;

    std::mutex mutex_;
    std::vector<Callback> posted_;  // guarded by mutex_
    bool stopping_ = false;         // guarded by mutex_
};

}  // namespace camgate
