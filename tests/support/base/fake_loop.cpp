#include "support/base/fake_loop.hpp"

#include <algorithm>
#include <utility>

namespace camgate::test {

LoopHandle FakeLoop::add(Duration delay, Duration period, Callback fn) {
    const std::uint64_t id = next_id_++;
    timers_[id] = Timer{clock_.bootNow() + std::max(delay, Duration::zero()), period, std::move(fn)};
    return {this, id};
}

LoopHandle FakeLoop::watch(int fd, Ready interest, ReadyCallback fn) {
    const std::uint64_t id = next_id_++;
    watches_[id] = Watch{fd, interest, std::move(fn)};
    return {this, id};
}

void FakeLoop::setInterest(const LoopHandle& watch, Ready interest) {
    watches_.at(watch.id()).interest = interest;
}

void FakeLoop::cancel(std::uint64_t id) {
    timers_.erase(id);
    watches_.erase(id);
}

void FakeLoop::post(Callback fn) {
    {
        const std::lock_guard lock(mutex_);
        posted_.push_back(std::move(fn));
    }
    posting_.notify_one();
}

bool FakeLoop::waitForPost() {
    std::unique_lock lock(mutex_);
    return posting_.wait_for(lock, std::chrono::seconds(5), [this] { return !posted_.empty(); });
}

void FakeLoop::runPosted() {
    for (;;) {
        std::vector<Callback> batch;
        {
            const std::lock_guard lock(mutex_);
            batch = std::exchange(posted_, {});
        }
        if (batch.empty()) return;
        for (auto& fn : batch) fn();
    }
}

void FakeLoop::advance(Duration by) {
    const BootTime end = clock_.bootNow() + by;
    runPosted();
    for (;;) {
        const auto next = std::min_element(timers_.begin(), timers_.end(), [](const auto& a, const auto& b) {
            return a.second.due < b.second.due;
        });
        if (next == timers_.end() || next->second.due > end) break;
        if (next->second.due > clock_.bootNow()) clock_.advance(next->second.due - clock_.bootNow());
        const Callback fn = next->second.fn;
        if (next->second.period == Duration::zero()) {
            timers_.erase(next);
        } else {
            next->second.due += next->second.period;
        }
        fn();
        runPosted();
    }
    clock_.advance(end - clock_.bootNow());
}

void FakeLoop::makeReady(int fd, bool readable, bool writable) {
    std::vector<ReadyCallback> ready;
    for (const auto& [id, watch] : watches_) {
        if (watch.fd == fd) ready.push_back(watch.fn);
    }
    for (const auto& fn : ready) fn(readable, writable);
    runPosted();
}

void FakeLoop::makeAllReadable() {
    std::vector<std::uint64_t> ids;
    for (const auto& [id, watch] : watches_) ids.push_back(id);
    for (const auto id : ids) {
        const auto found = watches_.find(id);
        if (found == watches_.end()) continue;
        const ReadyCallback fn = found->second.fn;
        fn(true, false);
    }
    runPosted();
}

}  // namespace camgate::test
