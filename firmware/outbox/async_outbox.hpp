// The outbox as the loop sees it: questions go to the state thread, answers come back on the loop, in order,
// never inside the call. Without an outbox (its directory missing or read-only) every answer is the error of
// its opening: the gateway goes on, and says so. Loop thread only. Owns the outbox; the state thread must end
// before this does.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <utility>

#include "base/event_loop.hpp"
#include "outbox/outbox.hpp"

namespace camgate::outbox {

class AsyncOutbox {
  public:
    template <class T>
    using Answer = std::function<void(Result<T>)>;
    /// Hands a job to the state thread; false: its queue is full (TaskThread::tryPost).
    using Post = std::function<bool(std::function<void()>)>;

    AsyncOutbox(EventLoop& loop, Post to_state_thread, Result<std::unique_ptr<Outbox>> outbox);

    void apply(Changes changes, Answer<Applied> answer);
    /// `job` runs on the state thread. Unavailable: the thread's queue is full.
    template <class T>
    void ask(std::function<Result<T>(Outbox&)> job, Answer<T> answer) {
        if (error_) return answerLater<T>(std::unexpected(*error_), std::move(answer));
        const auto run = [this, job = std::move(job), answer] { answerLater<T>(job(*outbox_), answer); };
        if (post_(run)) return;
        answerLater<T>(fail(ErrorKind::Unavailable, "the outbox is too busy"), std::move(answer));
    }

    /// Why there is no outbox.
    const std::optional<Error>& error() const { return error_; }
    /// As of the newest answer to apply().
    const Figures& figures() const { return figures_; }

  private:
    template <class T>
    void answerLater(Result<T> result, Answer<T> answer) {
        loop_.post([result = std::move(result), answer = std::move(answer)]() mutable {
            answer(std::move(result));
        });
    }

    EventLoop& loop_;
    Post post_;
    std::unique_ptr<Outbox> outbox_;
    std::optional<Error> error_;
    Figures figures_;
};

}  // namespace camgate::outbox
