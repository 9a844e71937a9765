// camgate-priv without RAUC and systemd: takes one verb from camgated, has it done, answers, and is hung up
// on. Whatever is not a verb ends it. Loop thread only. Implements docs/ref/ipc.md (Priv).
#pragma once

#include <functional>

#include "app/wired_network.hpp"
#include "ipc/frame_channel.hpp"
#include "ipc/priv_messages.hpp"
#include "update/slot_control.hpp"

namespace camgate::app {

class PrivServer {
  public:
    using SetNetwork = std::function<Status(const WiredNetwork&)>;

    /// `on_end` gets the exit status: 0 hung up, 3 camgated sent what it must not send.
    PrivServer(EventLoop& loop, UniqueFd socket, update::SlotControl& control, SetNetwork set_network,
               std::function<void(int)> on_end);

  private:
    void onMessage(std::uint16_t type, ByteView payload);
    void slots();
    void inspect(ByteView payload);
    void install(ByteView payload);
    void activate(ByteView payload);
    void network(ByteView payload);
    void answer(const Status& done);
    void answer(ipc::PrivMessage type, const Bytes& payload);

    update::SlotControl& control_;
    SetNetwork set_network_;
    std::function<void(int)> on_end_;
    ipc::FrameChannel channel_;
};

}  // namespace camgate::app
