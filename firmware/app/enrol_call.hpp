// Enrolment over the network: takes the root that the broker keeps and believes it if its fingerprint is the
// one that was told, connects to the broker under that root, hands in the request and waits for the bundle.
// Two connections, one after the other, each a link worker without a certificate. Loop thread only.
// Implements docs/design/enrolment.md (Over the network).
#pragma once

#include <functional>
#include <memory>
#include <string>

#include "app/link_transport.hpp"
#include "base/event_loop.hpp"

namespace camgate::app {

struct EnrolOrder {
    std::string gateway;
    std::string host;
    std::uint16_t port = 8884;
    std::string fingerprint;  ///< of the root, lower-case hex
    std::string request;      ///< JSON, with its proof; empty: only the root's fingerprint is asked for
};

class EnrolCall final : private uplink::TransportListener {
  public:
    /// Below what the console waits for an answer.
    static constexpr Duration kDeadline = std::chrono::seconds(25);
    /// The bundle's JSON, under a root with the fingerprint, or that. PermissionDenied: another root, or the
    /// hub refused; Timeout says where it got stuck.
    using Done = std::function<void(const Result<std::string>&)>;

    /// `transport` stands for a link worker with these settings; tests put a fake in its place. `done` is
    /// called once, and may destroy this.
    using MakeTransport =
        std::function<std::unique_ptr<uplink::HubTransport>(std::function<ipc::LinkSettings()>)>;
    EnrolCall(EventLoop& loop, MakeTransport transport, EnrolOrder order, Done done);
    ~EnrolCall() override;

    void start();

  private:
    void onUp() override;
    void onDown(const std::string& why) override { last_fault_ = why; }
    void onPublished(std::uint64_t, uplink::Fate) override {}
    void onMessage(const uplink::HubMessage& message) override;
    void connect();
    void takeRoot(const std::string& pem);
    void takeAnswer(const std::string& text);
    void end(Result<std::string> result);
    ipc::LinkSettings settings() const;
    std::string topic(std::string_view last) const;

    EventLoop& loop_;
    MakeTransport make_transport_;
    EnrolOrder order_;
    Done done_;
    std::string root_pem_;  ///< empty: not known yet
    std::string last_fault_;
    bool ended_ = false;
    std::unique_ptr<uplink::HubTransport> transport_;
    LoopHandle deadline_, next_;
};

}  // namespace camgate::app
