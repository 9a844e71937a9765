// Birth, will and retained updates of `status`. Each connection has a session of its own: the app takes the
// will when it starts the link worker, and the birth on that connection carries the same session. Updates are
// coalesced: the first goes at once, then at most one every 2 s. Loop thread only.
// Implements docs/ref/mqtt.md (status).
#pragma once

#include <functional>
#include <string>

#include "base/event_loop.hpp"
#include "base/lifeline.hpp"
#include "uplink/channel.hpp"

namespace camgate::uplink {

class Presence {
  public:
    static constexpr Duration kLeastInterval = std::chrono::seconds(2);

    /// `document`: the status as JSON for a session.
    Presence(EventLoop& loop, Channel& control, std::function<std::string(const std::string&)> document);

    /// A new session; its will.
    std::string beginSession();
    const std::string& session() const { return session_; }
    void onUp();
    void onDown();
    /// Something in the status is different now.
    void changed();
    /// The last word of an orderly end.
    void sayOffline();

  private:
    void publish();
    void publishAfter(Duration delay);
    void send(const std::string& json);

    EventLoop& loop_;
    Channel& control_;
    std::function<std::string(const std::string&)> document_;
    std::string session_;
    BootTime last_{};
    bool over_ = false;
    LoopHandle timer_;
    Lifeline lifeline_;
};

}  // namespace camgate::uplink
