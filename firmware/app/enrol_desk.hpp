// Enrolment by the control socket: by hand, the request out and the bundle in, or over the network with a
// one-time code. Keys and files on the state thread. Loop thread only. Implements docs/design/enrolment.md
// and docs/ref/cli.md (hub.request, hub.install, hub.enrol).
#pragma once

#include <functional>
#include <memory>

#include "app/clip_desk.hpp"
#include "app/enrol_call.hpp"
#include "base/event_loop.hpp"
#include "outbox/async_outbox.hpp"
#include "uplink/identity_store.hpp"

namespace camgate::app {

struct EnrolPorts {
    EventLoop& loop;
    outbox::AsyncOutbox& state;
    std::shared_ptr<uplink::IdentityStore> store;
    bool has_identity = false;   ///< another is in force: the new one is tried first
    std::function<void()> anew;  ///< the daemon's parts must start with other keys
    ClipDesk::Audit audit;
    std::string gateway;
    std::function<std::string()> host;  ///< where nothing else is said
    EnrolCall::MakeTransport make_transport;
};

class EnrolDesk {
  public:
    using Answer = control::ControlBackend::Answer;

    explicit EnrolDesk(EnrolPorts ports) : ports_(std::move(ports)) {}

    /// {"request","fingerprint"}
    void request(Answer answer);
    /// {"bundle","fingerprint"}, the second of the root as it was told. Answered when it is durable.
    void install(const std::string& who, const std::string& parameters, Answer answer);

    /// {"host","port","code","fingerprint"}. Unavailable: one is under way.
    void enrol(const std::string& who, const std::string& parameters, Answer answer);
    /// {"host","port"}: the fingerprint of the root that the broker keeps, to be compared by ear.
    void root(const std::string& parameters, Answer answer);

  private:
    Result<EnrolOrder> orderOf(const std::string& parameters) const;
    void call(EnrolOrder order, EnrolCall::Done done);
    void take(const std::string& who, const std::string& bundle, const std::string& fingerprint,
              Answer answer);
    void installed(const std::string& who, const std::string& fingerprint, const Answer& answer);

    EnrolPorts ports_;
    std::unique_ptr<EnrolCall> call_;
    LoopHandle drop_;
};

}  // namespace camgate::app
