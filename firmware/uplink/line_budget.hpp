// The cap on what camgate takes of the family's line, by hour of the week, for both connections together.
// Counted is what goes over the wire: MQTT, TLS, TCP, IP and Ethernet headers too. Alarms and short replies
// do not wait for it unless they alone fill the line; other rows wait, behind them a live view, and chunks of
// clips behind both. Loop
// thread only. Implements docs/design/uplink.md (The family's line).
#pragma once

#include <cstdint>
#include <vector>

#include "base/clock.hpp"
#include "config/configuration.hpp"
#include "config/week_hours.hpp"

namespace camgate::uplink {

class LineCap {
  public:
    explicit LineCap(std::uint32_t kbps) : kbps_(kbps) {}
    /// Hours that cannot be read are the configuration's business; they mean always here.
    explicit LineCap(const config::HubConfig& hub);

    /// While nobody knows the time, the least of all.
    std::uint32_t kbps(const WallReading& now) const;
    std::uint32_t least_kbps() const;

  private:
    struct Hours {
        config::WeekHours when;
        std::uint32_t kbps;
    };
    std::uint32_t kbps_;
    std::vector<Hours> hours_;  // the first that includes now counts
};

/// Of a message with so many bytes of topic and payload.
std::uint64_t wireBytes(std::size_t message_bytes);
/// How long so many bytes on the wire take at this pace.
Duration timeOnLine(std::uint64_t wire_bytes, std::uint64_t bytes_per_s);
/// What a message that comes in makes the gateway send.
constexpr std::uint64_t kAnswerOnWire_bytes = 200;
/// A connection's way to being up: TLS with a certificate of its own, CONNECT, SUBSCRIBE.
constexpr std::uint64_t kConnectOnWire_bytes = 6000;

class LineBudget {
  public:
    enum class Use { Urgent, Row, Live, Chunk };

    LineBudget(const Clock& clock, LineCap cap) : clock_(clock), cap_(std::move(cap)) {}

    void setCap(LineCap cap) { cap_ = std::move(cap); }

    /// Zero: now. How long until a message of so many bytes on the wire may go.
    Duration wait(Use use, std::uint64_t wire_bytes) const;
    void charge(std::uint64_t wire_bytes);
    /// What others make the gateway send: counted, but no flood of it holds up more than chunks.
    void chargeUnasked(std::uint64_t wire_bytes);
    /// While rows wait for the line no chunk goes before them.
    void setRowsWait(bool wait) { rows_wait_ = wait; }
    /// While a live view waits for it no chunk of a clip does.
    void setLiveWaits(bool wait) { live_waits_ = wait; }

    std::uint32_t capKbps() const { return cap_.kbps(clock_.wallNow()); }
    /// What is used of the cap: a little is left for what nobody can count beforehand.
    std::uint64_t bytesPerSecond() const { return usable(capKbps()); }
    /// In the hours of the least cap.
    std::uint64_t leastBytesPerSecond() const { return usable(cap_.least_kbps()); }

  private:
    static std::uint64_t usable(std::uint32_t kbps);
    Duration cost(std::uint64_t wire_bytes) const;

    const Clock& clock_;
    LineCap cap_;
    BootTime free_at_{};
    bool rows_wait_ = false;
    bool live_waits_ = false;
};

}  // namespace camgate::uplink
