// Messages over a stream socket between camgated and a worker. A message is one or more frames of at most
// 64 KiB, copied; the reader bounds every length before it allocates. Implements docs/ref/ipc.md.
// Loop thread only. Owns the socket. A callback may shut() the channel, not destroy it.
#pragma once

#include <cstdint>
#include <deque>
#include <functional>

#include "base/bytes.hpp"
#include "base/event_loop.hpp"
#include "base/unique_fd.hpp"

namespace camgate::ipc {

constexpr std::size_t kMaxFrame_bytes = 64U << 10U;  // header included
constexpr std::size_t kFrameHeader_bytes = 8;

struct ChannelLimits {
    /// Longest message of a type that may come in; 0 refuses all but an empty one.
    std::function<std::size_t(std::uint16_t type)> longest_message;
    /// What may wait to be sent; a message over it is dropped whole and counted.
    std::size_t most_waiting_bytes = 8U << 20U;
};

class FrameChannel {
  public:
    using OnMessage = std::function<void(std::uint16_t type, ByteView payload)>;
    using OnClosed = std::function<void(const Error& why)>;

    FrameChannel(EventLoop& loop, UniqueFd socket, ChannelLimits limits, OnMessage on_message,
                 OnClosed on_closed);
    FrameChannel(const FrameChannel&) = delete;
    FrameChannel& operator=(const FrameChannel&) = delete;

    /// False: the peer does not read, the message was dropped.
    bool send(std::uint16_t type, ByteView payload);
    /// Closes the socket; no callback follows.
    void shut();
    std::size_t waitingBytes() const { return waiting_bytes_; }
    std::uint64_t droppedMessages() const { return dropped_; }
    std::uint64_t receivedBytes() const { return received_bytes_; }

  private:
    void onReady(bool readable, bool writable);
    void readSome();
    /// False when the channel was closed on the way.
    bool takeFrames();
    bool takeMessage(std::uint16_t type, bool more, ByteView part);
    void flush();
    void close(const Error& why);

    EventLoop& loop_;
    UniqueFd socket_;
    ChannelLimits limits_;
    OnMessage on_message_;
    OnClosed on_closed_;
    Bytes incoming_;
    Bytes message_;
    std::uint16_t message_type_ = 0;
    bool in_message_ = false;
    std::deque<Bytes> outgoing_;
    std::size_t sent_of_front_ = 0;
    std::size_t waiting_bytes_ = 0;
    std::uint64_t dropped_ = 0;
    std::uint64_t received_bytes_ = 0;
    LoopHandle watch_;
};

}  // namespace camgate::ipc
