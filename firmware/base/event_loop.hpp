// The control loop's contract: timers on the boot clock, descriptors, and post(), the one thread-safe door.
// EpollLoop is the real one; tests drive a FakeLoop (tests/support) with a fake clock.
// Callbacks run on the loop's thread, never inside the call that registered them. Loop thread only, except
// post().
#pragma once

#include <cstdint>
#include <functional>

#include "base/clock.hpp"

namespace camgate {

enum class Ready : std::uint32_t { Read = 1, Write = 2, ReadWrite = 3 };

class EventLoop;

/// A timer or a watched descriptor; ends with its owner. Must not outlive the loop.
class LoopHandle {
  public:
    LoopHandle() = default;
    LoopHandle(EventLoop* loop, std::uint64_t id) : loop_(loop), id_(id) {}
    LoopHandle(LoopHandle&& other) noexcept;
    LoopHandle& operator=(LoopHandle&& other) noexcept;
    ~LoopHandle() { cancel(); }
    void cancel();
    bool active() const { return loop_ != nullptr; }
    std::uint64_t id() const { return id_; }

  private:
    EventLoop* loop_ = nullptr;
    std::uint64_t id_ = 0;
};

class EventLoop {
  public:
    using Callback = std::function<void()>;
    using ReadyCallback = std::function<void(bool readable, bool writable)>;

    virtual ~EventLoop() = default;

    /// Runs `fn` on the loop soon. Any thread.
    virtual void post(Callback fn) = 0;
    [[nodiscard]] virtual LoopHandle runAfter(Duration delay, Callback fn) = 0;
    [[nodiscard]] virtual LoopHandle runEvery(Duration period, Callback fn) = 0;
    /// Level-triggered. A hang-up or error shows as readable. The descriptor stays the caller's.
    [[nodiscard]] virtual LoopHandle watch(int fd, Ready interest, ReadyCallback fn) = 0;
    virtual void setInterest(const LoopHandle& watch, Ready interest) = 0;
    virtual const Clock& clock() const = 0;

  private:
    friend class LoopHandle;
    virtual void cancel(std::uint64_t id) = 0;
};

}  // namespace camgate
