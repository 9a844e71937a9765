#include "uplink/line_probe.hpp"

#include <algorithm>
#include <utility>

#include "uplink/chunk.hpp"
#include "uplink/topics.hpp"

namespace camgate::uplink {

LineProbe::LineProbe(EventLoop& loop, HubTransport& transport, const std::string& gateway, LineBudget& line,
                     Done done)
    : loop_(loop),
      line_(line),
      done_(std::move(done)),
      channel_(loop, transport, gateway, line),
      deadline_(loop.runAfter(kLongest, [this] {
          if (arrived_bytes_ > 0) return end(speed());
          end(fail(ErrorKind::Timeout, was_up_ ? "the hub's broker acknowledged nothing in time"
                                               : "the hub was not reached in time"));
      })) {
    channel_.setListener(this);
    transport.setPace(line.bytesPerSecond());
    channel_.open();
}

LineProbe::~LineProbe() {
    over_ = true;
    channel_.close();
}

void LineProbe::onChannelUp() {
    was_up_ = true;
    began_ = last_ = loop_.clock().bootNow();
    pump();
}

void LineProbe::onChannelDown() {
    if (was_up_) end(fail(ErrorKind::Unavailable, "the connection ended: a clip took the line, or it broke"));
}

bool LineProbe::sending() const {
    return sent_bytes_ < kMost_bytes && loop_.clock().bootNow() - began_ < kSending;
}

void LineProbe::pump() {
    if (over_ || !channel_.up()) return;
    while (sending() && sendOne()) {
    }
    if (!sending() && channel_.inFlight() == 0) end(speed());
}

/// False: it must wait.
bool LineProbe::sendOne() {
    cap_kbps_ = std::max(cap_kbps_, line_.capKbps());
    HubMessage message;
    message.topic = topicSuffix(Topic::Probe);
    message.payload.resize(chunkBytes(line_.bytesPerSecond()));
    const std::uint64_t bytes = wireBytes(message.payload.size() + message.topic.size());
    if (!channel_.fits(message.payload.size())) return false;
    if (const Duration wait = line_.wait(LineBudget::Use::Chunk, bytes); wait > Duration::zero()) {
        pace_ = loop_.runAfter(wait, [this] { pump(); });
        return false;
    }
    if (!channel_.publish(std::move(message), [this, bytes](Fate fate) { onAnswer(bytes, fate); }))
        return false;
    sent_bytes_ += bytes;
    return true;
}

void LineProbe::onAnswer(std::uint64_t bytes, Fate fate) {
    if (fate == Fate::Refused)
        return end(fail(ErrorKind::PermissionDenied, "the hub's broker takes nothing on the topic probe"));
    if (fate == Fate::Lost) return;
    arrived_bytes_ += bytes;
    last_ = loop_.clock().bootNow();
}

LineSpeed LineProbe::speed() const {
    const double seconds = std::max(std::chrono::duration<double>(last_ - began_).count(), 0.001);
    const double kbps = static_cast<double>(arrived_bytes_) * 8 / 1000 / seconds;
    return {static_cast<std::uint32_t>(kbps), cap_kbps_, last_ - began_, arrived_bytes_};
}

void LineProbe::end(const Result<LineSpeed>& result) {
    if (std::exchange(over_, true)) return;
    deadline_.cancel();
    pace_.cancel();
    done_(result);
}

}  // namespace camgate::uplink
