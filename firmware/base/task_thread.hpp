// A thread with a bounded queue of jobs: the storage threads of the daemon. A full queue rejects (the caller
// says what is lost). Results come back through EventLoop::post(). Any thread may post.
#pragma once

#include <condition_variable>
#include <functional>
#include <mutex>
#include <string>
#include <thread>

#include "base/bounded_queue.hpp"

namespace camgate {

class TaskThread {
  public:
    using Task = std::function<void()>;

    TaskThread(std::string name, std::size_t capacity);
    /// Finishes what is queued, then ends.
    ~TaskThread();

    /// False if the queue is full or the thread is ending.
    [[nodiscard]] bool tryPost(Task task);
    std::size_t depth() const;

  private:
    void run(const std::string& name);

    mutable std::mutex mutex_;
    std::condition_variable wake_;
    BoundedQueue<Task> tasks_;  // guarded by mutex_
    bool ending_ = false;       // guarded by mutex_
    std::thread thread_;
};

}  // namespace camgate
