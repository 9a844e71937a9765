// The worker that fetches a bundle: one address from camgated, pieces back as they are taken, at the pace it
// was told. HTTP and TLS stay in this process; what the bytes are worth camgated judges. One thread.
// Implements docs/ref/ipc.md (Fetch).
#pragma once

#include <optional>

#include "base/epoll_loop.hpp"
#include "ipc/fetch_messages.hpp"
#include "ipc/frame_channel.hpp"

namespace camgate::link {

class Fetcher {
  public:
    Fetcher(EpollLoop& loop, UniqueFd socket);

    /// Until camgated hangs up. Exit status: 0 it did, 3 it sent what it must not send.
    int run();

  private:
    static std::size_t onBytes(const char* data, std::size_t size, std::size_t count, void* self);
    void onMessage(std::uint16_t type, ByteView payload);
    Status fetch();
    Status beginAnswer();
    std::size_t take(ByteView bytes);
    bool sendPiece();
    template <class Type>
    void say(Type type, const Bytes& payload) {
        (void)channel_.send(static_cast<std::uint16_t>(type), payload);
    }

    EpollLoop& loop_;
    std::optional<ipc::FetchOrder> order_;
    std::optional<int> ended_;
    void* curl_ = nullptr;
    bool begun_ = false;      ///< the answer's head was looked at
    std::uint64_t skip_ = 0;  ///< of an answer that begins at the beginning
    std::uint64_t offset_ = 0;
    Bytes piece_;
    std::size_t untaken_ = 0;
    std::string refused_;  ///< why the transfer was ended from here
    ipc::FrameChannel channel_;
};

}  // namespace camgate::link
