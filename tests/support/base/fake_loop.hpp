// EventLoop on a FakeClock: advance() runs timers in order of their due time, posted work in between.
// Watches never fire by themselves; makeReady() plays the kernel. Nothing sleeps. One thread, except post().
#pragma once

#include <condition_variable>
#include <map>
#include <mutex>
#include <vector>

#include "base/event_loop.hpp"
#include "support/base/fake_clock.hpp"

namespace camgate::test {

class FakeLoop final : public EventLoop {
  public:
    explicit FakeLoop(FakeClock& clock) : clock_(clock) {}

    void post(Callback fn) override;
    LoopHandle runAfter(Duration delay, Callback fn) override {
        return add(delay, Duration::zero(), std::move(fn));
    }
    LoopHandle runEvery(Duration period, Callback fn) override { return add(period, period, std::move(fn)); }
    LoopHandle watch(int fd, Ready interest, ReadyCallback fn) override;
    void setInterest(const LoopHandle& watch, Ready interest) override;
    const Clock& clock() const override { return clock_; }

    /// Runs what is posted, until nothing is.
    void runPosted();
    /// Until something is posted, by whatever thread. False: nothing was for 5 s.
    [[nodiscard]] bool waitForPost();
    /// Moves the clock on, running every timer that falls due on the way.
    void advance(Duration by);
    void makeReady(int fd, bool readable, bool writable);
    /// Every watched descriptor becomes readable once.
    void makeAllReadable();
    std::size_t timerCount() const { return timers_.size(); }

  private:
    struct Timer {
        BootTime due;
        Duration period;
        Callback fn;
    };
    struct Watch {
        int fd;
        Ready interest;
        ReadyCallback fn;
    };
    LoopHandle add(Duration delay, Duration period, Callback fn);
    void cancel(std::uint64_t id) override;

    FakeClock& clock_;
    std::uint64_t next_id_ = 1;
    std::map<std::uint64_t, Timer> timers_;
    std::map<std::uint64_t, Watch> watches_;
    std::mutex mutex_;
    std::condition_variable posting_;
    std::vector<Callback> posted_;  // guarded by mutex_
};

}  // namespace camgate::test
