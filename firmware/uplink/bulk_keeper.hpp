// The bulk connection among the parts of uplink that move much: open while one of them does and a while
// longer, its room offered to them in their order. Loop thread only. Implements docs/design/uplink.md
// (Clips).
#pragma once

#include <initializer_list>
#include <vector>

#include "base/event_loop.hpp"
#include "uplink/channel.hpp"

namespace camgate::uplink {

class BulkUser {
  public:
    virtual ~BulkUser() = default;
    /// Something is to be sent, or under way.
    virtual bool moving() const = 0;
    /// Connected, or a place in the window is free again.
    virtual void onBulkRoom() = 0;
};

class BulkKeeper final : private ChannelListener {
  public:
    BulkKeeper(EventLoop& loop, Channel& bulk);
    ~BulkKeeper() override;

    /// Before anything moves; they outlive it or what it serves has ended.
    void serve(std::initializer_list<BulkUser*> users) { users_ = users; }
    /// One of them moves something.
    void need();

  private:
    void onChannelUp() override { offer(); }
    void onChannelDown() override {}
    void onChannelMessage(const HubMessage&) override {}
    void onChannelRoom() override { offer(); }
    void offer();
    void closeIfIdle();
    bool moving() const;

    EventLoop& loop_;
    Channel& bulk_;
    std::vector<BulkUser*> users_;
    bool open_ = false;
    BootTime moved_{};
    LoopHandle watch_;
};

}  // namespace camgate::uplink
