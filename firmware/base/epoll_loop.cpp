#include "base/epoll_loop.hpp"

#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/timerfd.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <utility>

namespace camgate {
namespace {

constexpr std::uint64_t kWakeId = 1;
constexpr std::uint64_t kTimerId = 2;

std::uint32_t epollEvents(Ready interest) {
    const auto bits = static_cast<std::uint32_t>(interest);
    return ((bits & 1U) != 0 ? std::uint32_t{EPOLLIN} : 0U) |
           ((bits & 2U) != 0 ? std::uint32_t{EPOLLOUT} : 0U);
}

int addToEpoll(int epoll, int fd, std::uint32_t events, std::uint64_t id) {
    epoll_event event{};
    event.events = events;
    event.data.u64 = id;
    return ::epoll_ctl(epoll, EPOLL_CTL_ADD, fd, &event);
}

void drain(int fd) {
    std::uint64_t count = 0;
    while (::read(fd, &count, sizeof count) > 0) {
    }
}

}  // namespace

LoopHandle::LoopHandle(LoopHandle&& other) noexcept
    : loop_(std::exchange(other.loop_, nullptr)), id_(std::exchange(other.id_, 0)) {}

LoopHandle& LoopHandle::operator=(LoopHandle&& other) noexcept {
    if (this != &other) {
        cancel();
        loop_ = std::exchange(other.loop_, nullptr);
        id_ = std::exchange(other.id_, 0);
    }
    return *this;
}

void LoopHandle::cancel() {
    if (EventLoop* loop = std::exchange(loop_, nullptr)) loop->cancel(std::exchange(id_, 0));
}

Result<std::unique_ptr<EpollLoop>> EpollLoop::open(const Clock& clock) {
    UniqueFd epoll(::epoll_create1(EPOLL_CLOEXEC));
    UniqueFd wake(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK));
    UniqueFd timer(::timerfd_create(CLOCK_BOOTTIME, TFD_CLOEXEC | TFD_NONBLOCK));
    if (!epoll.valid() || !wake.valid() || !timer.valid()) return failErrno(errno, "creating the event loop");
    if (addToEpoll(epoll.get(), wake.get(), EPOLLIN, kWakeId) != 0 ||
        addToEpoll(epoll.get(), timer.get(), EPOLLIN, kTimerId) != 0) {
        return failErrno(errno, "creating the event loop");
    }
    return std::unique_ptr<EpollLoop>(
        new EpollLoop(clock, std::move(epoll), std::move(wake), std::move(timer)));
}

EpollLoop::EpollLoop(const Clock& clock, UniqueFd epoll, UniqueFd wake, UniqueFd timer)
    : clock_(clock), epoll_(std::move(epoll)), wake_(std::move(wake)), timer_(std::move(timer)) {}

EpollLoop::~EpollLoop() = default;

void EpollLoop::post(Callback fn) {
    {
        const std::lock_guard lock(mutex_);
        posted_.push_back(std::move(fn));
    }
    const std::uint64_t one = 1;
    [[maybe_unused]] const auto written = ::write(wake_.get(), &one, sizeof one);
}

void EpollLoop::stop() {
    post([this] {
        const std::lock_guard lock(mutex_);
        stopping_ = true;
    });
}

LoopHandle EpollLoop::runAfter(Duration delay, Callback fn) {
    return addTimer(delay, Duration::zero(), std::move(fn));
}

LoopHandle EpollLoop::runEvery(Duration period, Callback fn) {
    return addTimer(period, std::max(period, Duration(1)), std::move(fn));
}

LoopHandle EpollLoop::addTimer(Duration delay, Duration period, Callback fn) {
    const std::uint64_t id = next_id_++;
    const BootTime due = clock_.bootNow() + std::max(delay, Duration::zero());
    timers_[id] = std::make_shared<TimerEntry>(due, period, std::move(fn));
    due_.emplace(due, id);
    armTimer();
    return {this, id};
}

LoopHandle EpollLoop::watch(int fd, Ready interest, ReadyCallback fn) {
    const std::uint64_t id = next_id_++;
    watches_[id] = std::make_shared<WatchEntry>(fd, std::move(fn));
    addToEpoll(epoll_.get(), fd, epollEvents(interest), id);
    return {this, id};
}

void EpollLoop::setInterest(const LoopHandle& watch, Ready interest) {
    const auto found = watches_.find(watch.id());
    if (found == watches_.end()) return;
    epoll_event event{};
    event.events = epollEvents(interest);
    event.data.u64 = watch.id();
    ::epoll_ctl(epoll_.get(), EPOLL_CTL_MOD, found->second->fd, &event);
}

void EpollLoop::cancel(std::uint64_t id) {
    if (const auto timer = timers_.find(id); timer != timers_.end()) {
        due_.erase({timer->second->due, id});
        timers_.erase(timer);
    } else if (const auto watch = watches_.find(id); watch != watches_.end()) {
        ::epoll_ctl(epoll_.get(), EPOLL_CTL_DEL, watch->second->fd, nullptr);
        watches_.erase(watch);
    }
}

void EpollLoop::armTimer() {
    itimerspec spec{};
    if (!due_.empty()) {
        const auto since = std::max(due_.begin()->first.time_since_epoch(), Duration(1));
        const auto whole = std::chrono::floor<std::chrono::seconds>(since);
        spec.it_value.tv_sec = static_cast<decltype(spec.it_value.tv_sec)>(whole.count());
        spec.it_value.tv_nsec = static_cast<decltype(spec.it_value.tv_nsec)>((since - whole).count());
    }
    ::timerfd_settime(timer_.get(), TFD_TIMER_ABSTIME, &spec, nullptr);
}

void EpollLoop::runDueTimers() {
    const BootTime now = clock_.bootNow();
    while (!due_.empty() && due_.begin()->first <= now) {
        const auto [due, id] = *due_.begin();
        due_.erase(due_.begin());
        const std::shared_ptr<TimerEntry> entry = timers_.at(id);
        if (entry->period == Duration::zero()) {
            timers_.erase(id);
        } else {
            const BootTime next = due + entry->period;
            entry->due = next > now ? next : now + entry->period;  // a late loop does not run to catch up
            due_.emplace(entry->due, id);
        }
        entry->fn();
    }
    armTimer();
}

void EpollLoop::runPosted() {
    std::vector<Callback> batch;
    {
        const std::lock_guard lock(mutex_);
        batch.swap(posted_);
    }
    for (auto& fn : batch) fn();
}

void EpollLoop::runWatch(std::uint64_t id, std::uint32_t events) {
    const auto found = watches_.find(id);
    if (found == watches_.end()) return;  // cancelled by an earlier callback of this turn
    const std::shared_ptr<WatchEntry> entry = found->second;
    entry->fn((events & (EPOLLIN | EPOLLHUP | EPOLLERR)) != 0, (events & EPOLLOUT) != 0);
}

void EpollLoop::turn(Duration longest) {
    std::array<epoll_event, 32> ready{};
    const auto wait_ms = std::chrono::ceil<std::chrono::milliseconds>(longest).count();
    const int count = ::epoll_wait(epoll_.get(), ready.data(), static_cast<int>(ready.size()),
                                   static_cast<int>(std::clamp<std::int64_t>(wait_ms, -1, 3'600'000)));
    for (int i = 0; i < count; ++i) {
        const epoll_event& event = ready[static_cast<std::size_t>(i)];
        if (event.data.u64 == kWakeId) {
            drain(wake_.get());
            runPosted();
        } else if (event.data.u64 == kTimerId) {
            drain(timer_.get());
            runDueTimers();
        } else {
            runWatch(event.data.u64, event.events);
        }
    }
}

void EpollLoop::run() {
    for (;;) {
        {
            const std::lock_guard lock(mutex_);
            if (std::exchange(stopping_, false)) break;
        }
        turn(std::chrono::hours(1));
    }
    runPosted();
}

}  // namespace camgate
