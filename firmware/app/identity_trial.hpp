// A renewed identity proves itself by one connection to the hub, or the one before counts again. Loop thread
// only; the store's files on the state thread. Implements docs/design/enrolment.md (Renewal).
#pragma once

#include <functional>
#include <memory>

#include "base/event_loop.hpp"
#include "outbox/async_outbox.hpp"
#include "uplink/identity_store.hpp"

namespace camgate::app {

class IdentityTrial {
  public:
    static constexpr Duration kTime = std::chrono::minutes(2);

    /// `on_trial` false: nothing is to be proven. `anew`: the daemon's parts must start with other keys.
    IdentityTrial(EventLoop& loop, outbox::AsyncOutbox& state, std::shared_ptr<uplink::IdentityStore> store,
                  bool on_trial, std::function<void()> anew);
    ~IdentityTrial();

    void start();
    void onConnected();

  private:
    void giveUp();

    EventLoop& loop_;
    outbox::AsyncOutbox& state_;
    std::shared_ptr<uplink::IdentityStore> store_;
    bool on_trial_;
    std::function<void()> anew_;
    LoopHandle end_;
    std::shared_ptr<bool> alive_ = std::make_shared<bool>(true);
};

}  // namespace camgate::app
