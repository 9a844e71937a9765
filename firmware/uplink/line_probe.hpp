// What the household's line carries towards the hub, as far as the cap lets anybody see: chunks of nothing go
// to a topic that nobody reads, under the budget and pace of all that is sent, and the broker's
// acknowledgements are counted. Rows go before it; a clip that wants the bulk connection ends it. Loop thread
// only. Implements docs/design/uplink.md (The line's speed).
#pragma once

#include <cstdint>
#include <functional>
#include <string>

#include "base/event_loop.hpp"
#include "base/result.hpp"
#include "uplink/channel.hpp"

namespace camgate::uplink {

struct LineSpeed {
    std::uint32_t kbps = 0;  ///< on the wire, headers too, as the cap is meant
    std::uint32_t cap_kbps = 0;
    Duration took{};
    std::uint64_t bytes = 0;  ///< that arrived
};

class LineProbe final : private ChannelListener {
  public:
    static constexpr Duration kSending = std::chrono::seconds(5);
    static constexpr Duration kLongest = std::chrono::seconds(20);
    static constexpr std::uint64_t kMost_bytes = 8U << 20U;

    using Done = std::function<void(const Result<LineSpeed>&)>;

    /// `transport` is its own, and closed. `done` is called once; it must not destroy this inside.
    LineProbe(EventLoop& loop, HubTransport& transport, const std::string& gateway, LineBudget& line,
              Done done);
    ~LineProbe() override;

  private:
    void onChannelUp() override;
    void onChannelDown() override;
    void onChannelMessage(const HubMessage&) override {}
    void onChannelRoom() override { pump(); }

    void pump();
    bool sendOne();
    void onAnswer(std::uint64_t bytes, Fate fate);
    bool sending() const;
    void end(const Result<LineSpeed>& result);
    LineSpeed speed() const;

    EventLoop& loop_;
    LineBudget& line_;
    Done done_;
    Channel channel_;
    std::uint32_t cap_kbps_ = 0;  // the largest while it ran
    BootTime began_{}, last_{};
    std::uint64_t sent_bytes_ = 0;
    std::uint64_t arrived_bytes_ = 0;
    bool was_up_ = false;
    bool over_ = false;
    LoopHandle pace_, deadline_;
};

}  // namespace camgate::uplink
