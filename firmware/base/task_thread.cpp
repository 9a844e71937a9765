#include "base/task_thread.hpp"

#include <pthread.h>

#include <optional>
#include <utility>

namespace camgate {

TaskThread::TaskThread(std::string name, std::size_t capacity)
    : tasks_(capacity, WhenFull::RejectNew), thread_([this, name = std::move(name)] { run(name); }) {}

TaskThread::~TaskThread() {
    {
        const std::lock_guard lock(mutex_);
        ending_ = true;
    }
    wake_.notify_one();
    thread_.join();
}

bool TaskThread::tryPost(Task task) {
    {
        const std::lock_guard lock(mutex_);
        if (ending_ || !tasks_.push(std::move(task))) return false;
    }
    wake_.notify_one();
    return true;
}

std::size_t TaskThread::depth() const {
    const std::lock_guard lock(mutex_);
    return tasks_.size();
}

void TaskThread::run(const std::string& name) {
    ::pthread_setname_np(::pthread_self(), name.substr(0, 15).c_str());
    for (;;) {
        std::optional<Task> task;
        {
            std::unique_lock lock(mutex_);
            wake_.wait(lock, [this] { return ending_ || !tasks_.empty(); });
            task = tasks_.pop();
        }
        if (!task) return;
        (*task)();
    }
}

}  // namespace camgate
