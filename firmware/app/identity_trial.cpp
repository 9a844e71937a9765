#include "app/identity_trial.hpp"

#include <utility>

#include "base/log.hpp"

namespace camgate::app {

IdentityTrial::IdentityTrial(EventLoop& loop, outbox::AsyncOutbox& state,
                             std::shared_ptr<uplink::IdentityStore> store, bool on_trial,
                             std::function<void()> anew)
    : loop_(loop), state_(state), store_(std::move(store)), on_trial_(on_trial), anew_(std::move(anew)) {}

IdentityTrial::~IdentityTrial() {
    *alive_ = false;
}

void IdentityTrial::start() {
    if (on_trial_) end_ = loop_.runAfter(kTime, [this] { giveUp(); });
}

void IdentityTrial::onConnected() {
    if (!std::exchange(on_trial_, false)) return;
    end_.cancel();
    const auto promote = [store = store_](outbox::Outbox&) -> Result<bool> {
        if (auto done = store->promote(); !done) return std::unexpected(done.error());
        return true;
    };
    state_.ask<bool>(promote, [](const Result<bool>& done) {
        if (done) return logEvent(LogLevel::Info, "app", "identity-renewed");
        // It is on trial again at the next start.
        logEvent(LogLevel::Error, "app", "identity-not-kept", {{"why", done.error()}});
    });
}

void IdentityTrial::giveUp() {
    on_trial_ = false;
    logEvent(LogLevel::Error, "app", "identity-reverted");
    const auto revert = [store = store_,
                         now = loop_.clock().wallNow().time](outbox::Outbox&) -> Result<bool> {
        if (auto done = store->revert(now); !done) return std::unexpected(done.error());
        return true;
    };
    state_.ask<bool>(revert, [this, alive = alive_](const Result<bool>&) {
        if (*alive) anew_();
    });
}

}  // namespace camgate::app
