// Renews the gateway's certificates before they end: asks the hub for a bundle for new keys, with the word of
// the evidence key in force, and installs it on trial. Loop thread only; files and signatures on the state
// thread. Implements docs/design/enrolment.md (Renewal).
#pragma once

#include <functional>
#include <memory>
#include <string>

#include "base/event_loop.hpp"
#include "base/lifeline.hpp"
#include "crypto/identity.hpp"
#include "outbox/async_outbox.hpp"
#include "uplink/channel.hpp"
#include "uplink/identity_store.hpp"
#include "uplink/refusal_counts.hpp"

namespace camgate::uplink {

struct RenewalSettings {
    WallTime from, to;          ///< of the transport certificate in force
    std::string authority_pem;  ///< in force: under it the new ones must be
    std::string anchor_pem;     ///< what trust documents began from
    /// Signs; used on the state thread alone.
    std::shared_ptr<const crypto::Identity> evidence;
    /// 0 to 1, by which waits are spread; null: they are not.
    double (*random)() = nullptr;
    /// Another bundle is there to be tried: called once.
    std::function<void()> installed;
};

/// A request with the word of the evidence key in force, as it is published; read by the hub.
struct RenewalWord {
    std::string request;  ///< JSON
    std::string gateway;  ///< in the certificate that signed
    std::string signer;   ///< its fingerprint
};
[[nodiscard]] Result<std::string> signRenewal(const std::string& request, const crypto::Identity& evidence);
[[nodiscard]] Result<RenewalWord> verifyRenewal(std::string_view message,
                                                const crypto::Certificate& authority, WallTime at);

class Renewal {
  public:
    static constexpr Duration kCheck = std::chrono::hours(6);
    static constexpr Duration kLeastWait = std::chrono::minutes(2);
    /// After one that did not work.
    static constexpr Duration kTryAgain = std::chrono::hours(24);

    /// `store` null or no evidence key: nothing is renewed. What it borrows outlives it.
    Renewal(EventLoop& loop, Channel& control, outbox::AsyncOutbox& state, RefusalCounts& refused,
            std::shared_ptr<IdentityStore> store, RenewalSettings settings);

    void onUp();
    void onDown() { check_.cancel(); }
    void onBundle(const HubMessage& message);
    /// A third of its life is left, or less.
    static bool due(WallTime from, WallTime to, WallTime now) { return to - now <= (to - from) / 3; }
    /// Until it is asked again, unspread: twice as long each time, never longer than a sixteenth of what is
    /// left of the certificate's life.
    static Duration backOff(int asked, Duration left);

  private:
    void check();
    void checkIn(Duration wait);
    using Message = std::optional<std::string>;
    void ask(const Result<Message>& message);
    void onFate(Fate fate);
    void onAccepted(const Result<bool>& accepted);

    EventLoop& loop_;
    Channel& control_;
    outbox::AsyncOutbox& state_;
    RefusalCounts& refused_;
    std::shared_ptr<IdentityStore> store_;
    RenewalSettings settings_;
    bool installed_ = false;
    int asked_ = 0;  // since the certificates in force are
    BootTime next_{};
    LoopHandle check_;
    Lifeline lifeline_;
};

}  // namespace camgate::uplink
