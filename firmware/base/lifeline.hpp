// Answers that may come after the asker is gone: guard(fn) does nothing once the Lifeline has ended. Declare
// it as the last member, so that it ends first. Loop thread only.
#pragma once

#include <memory>
#include <utility>

namespace camgate {

class Lifeline {
  public:
    Lifeline() = default;
    Lifeline(const Lifeline&) = delete;
    Lifeline& operator=(const Lifeline&) = delete;

    template <class Fn>
    auto guard(Fn fn) const {
        return [alive = std::weak_ptr<const char>(token_), fn = std::move(fn)](auto&&... arguments) mutable {
            if (!alive.expired()) fn(std::forward<decltype(arguments)>(arguments)...);
        };
    }

  private:
    std::shared_ptr<const char> token_ = std::make_shared<const char>('\0');
};

}  // namespace camgate
