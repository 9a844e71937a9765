// The worker that looks for cameras: takes one question from camgated, answers it, ends. XML, HTTP and what
// the household's network sends stay in this process. Loop thread. Implements docs/ref/camera.md (Finding
// cameras).
#pragma once

#include <functional>

#include "ipc/finder_messages.hpp"
#include "ipc/frame_channel.hpp"

namespace camgate::onvif {

class Finder {
  public:
    /// `on_end` gets the exit status: 0 hung up, 3 camgated sent what it must not send.
    Finder(EventLoop& loop, UniqueFd socket, std::function<void(int)> on_end);

  private:
    void onMessage(std::uint16_t type, ByteView payload);
    void search(ByteView payload);
    void describe(ByteView payload);
    void answer(ipc::FinderMessage type, const Bytes& payload);

    EventLoop& loop_;
    std::function<void(int)> on_end_;
    ipc::FrameChannel channel_;
};

}  // namespace camgate::onvif
