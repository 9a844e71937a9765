#include "ipc/frame_channel.hpp"

#include <fcntl.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <utility>

namespace camgate::ipc {
namespace {

constexpr std::uint16_t kMoreFollows = 1;
constexpr std::size_t kMaxPayload_bytes = kMaxFrame_bytes - kFrameHeader_bytes;
/// One camera's burst must not keep the loop from the others.
constexpr std::size_t kReadPerTurn_bytes = 256U << 10U;

void putFrame(ByteWriter& out, std::uint16_t type, ByteView part, bool more) {
    out.put(static_cast<std::uint32_t>(part.size()));
    out.put(type);
    out.put(more ? kMoreFollows : std::uint16_t{0});
    out.putBytes(part);
}

Bytes framed(std::uint16_t type, ByteView payload) {
    ByteWriter out;
    do {
        const ByteView part = payload.first(std::min(payload.size(), kMaxPayload_bytes));
        payload = payload.subspan(part.size());
        putFrame(out, type, part, !payload.empty());
    } while (!payload.empty());
    return std::move(out).take();
}

}  // namespace

FrameChannel::FrameChannel(EventLoop& loop, UniqueFd socket, ChannelLimits limits, OnMessage on_message,
                           OnClosed on_closed)
    : loop_(loop),
      socket_(std::move(socket)),
      limits_(std::move(limits)),
      on_message_(std::move(on_message)),
      on_closed_(std::move(on_closed)) {
    ::fcntl(socket_.get(), F_SETFL, ::fcntl(socket_.get(), F_GETFL) | O_NONBLOCK);
    watch_ = loop_.watch(socket_.get(), Ready::Read,
                         [this](bool readable, bool writable) { onReady(readable, writable); });
}

bool FrameChannel::send(std::uint16_t type, ByteView payload) {
    if (!socket_.valid()) return false;
    Bytes frames = framed(type, payload);
    if (waiting_bytes_ + frames.size() > limits_.most_waiting_bytes) {
        ++dropped_;
        return false;
    }
    waiting_bytes_ += frames.size();
    outgoing_.push_back(std::move(frames));
    if (outgoing_.size() == 1) flush();
    return true;
}

void FrameChannel::onReady(bool readable, bool writable) {
    if (writable) flush();
    if (readable && socket_.valid()) readSome();
}

void FrameChannel::flush() {
    while (!outgoing_.empty()) {
        const Bytes& front = outgoing_.front();
        const ssize_t put = ::send(socket_.get(), front.data() + sent_of_front_,
                                   front.size() - sent_of_front_, MSG_NOSIGNAL | MSG_DONTWAIT);
        if (put < 0) break;  // full, or broken: then reading reports why
        sent_of_front_ += static_cast<std::size_t>(put);
        waiting_bytes_ -= static_cast<std::size_t>(put);
        if (sent_of_front_ == front.size()) {
            outgoing_.pop_front();
            sent_of_front_ = 0;
        }
    }
    loop_.setInterest(watch_, outgoing_.empty() ? Ready::Read : Ready::ReadWrite);
}

void FrameChannel::readSome() {
    std::array<std::uint8_t, kMaxFrame_bytes> buffer;  // NOLINT: filled by recv
    std::size_t budget = kReadPerTurn_bytes;
    while (budget > 0) {
        const ssize_t got =
            ::recv(socket_.get(), buffer.data(), std::min(buffer.size(), budget), MSG_DONTWAIT);
        if (got < 0 && (errno == EAGAIN || errno == EINTR)) return;
        if (got < 0) return close(Error{kindOfErrno(errno), errno, "reading from the worker"});
        if (got == 0) return close(Error{ErrorKind::Unavailable, 0, "the other side closed the connection"});
        budget -= static_cast<std::size_t>(got);
        received_bytes_ += static_cast<std::uint64_t>(got);
        incoming_.insert(incoming_.end(), buffer.begin(), buffer.begin() + got);
        if (!takeFrames()) return;
    }
}

bool FrameChannel::takeFrames() {
    std::size_t used = 0;
    while (incoming_.size() - used >= kFrameHeader_bytes) {
        ByteReader header(ByteView(incoming_).subspan(used, kFrameHeader_bytes));
        const auto length = header.get<std::uint32_t>();
        const auto type = header.get<std::uint16_t>();
        const auto flags = header.get<std::uint16_t>();
        if (length > kMaxPayload_bytes || (flags & ~kMoreFollows) != 0 ||
            (in_message_ && type != message_type_)) {
            close(Error{ErrorKind::Corruption, 0, "a malformed frame of type " + std::to_string(type)});
            return false;
        }
        if (message_.size() + length > limits_.longest_message(type)) {
            close(Error{ErrorKind::Corruption, 0,
                        "a message of type " + std::to_string(type) + " over its limit"});
            return false;
        }
        if (incoming_.size() - used < kFrameHeader_bytes + length) break;
        const ByteView part = ByteView(incoming_).subspan(used + kFrameHeader_bytes, length);
        used += kFrameHeader_bytes + length;
        if (!takeMessage(type, (flags & kMoreFollows) != 0, part)) return false;
    }
    incoming_.erase(incoming_.begin(), incoming_.begin() + static_cast<std::ptrdiff_t>(used));
    return true;
}

bool FrameChannel::takeMessage(std::uint16_t type, bool more, ByteView part) {
    const bool whole_in_one = !more && !in_message_;
    message_type_ = type;
    in_message_ = more;
    if (whole_in_one) {
        on_message_(type, part);
        return socket_.valid();
    }
    message_.insert(message_.end(), part.begin(), part.end());
    if (more) return true;
    const Bytes whole = std::exchange(message_, {});
    on_message_(type, whole);
    return socket_.valid();
}

void FrameChannel::shut() {
    watch_.cancel();
    socket_.reset();
    outgoing_.clear();
    waiting_bytes_ = 0;
}

void FrameChannel::close(const Error& why) {
    shut();
    on_closed_(why);
}

}  // namespace camgate::ipc
