#include "uplink/line_budget.hpp"

#include <algorithm>

#include "base/local_time.hpp"

namespace camgate::uplink {
namespace {

constexpr std::uint64_t kNanosecondsPerSecond = 1'000'000'000;
/// Left for retransmissions and keep-alives.
constexpr std::uint64_t kUsed_percent = 98;
/// Alarms and replies may be so far ahead of the line: with it no minute goes over the cap.
constexpr Duration kUrgentSlack = std::chrono::milliseconds(500);
/// A chunk's time: a row goes beside the chunk that was sent last.
constexpr Duration kRowSlack = std::chrono::milliseconds(100);
constexpr Duration kSecond = std::chrono::seconds(1);
constexpr Duration kPatience = std::chrono::milliseconds(10);

/// Ethernet 14, IPv4 20, TCP with time stamps 32.
constexpr std::uint64_t kSegmentHeaders_bytes = 66;
constexpr std::uint64_t kSegment_bytes = 1448;
constexpr std::uint64_t kTlsRecord_bytes = 16384;
constexpr std::uint64_t kTlsHeaders_bytes = 22;
/// So much is made up for; the kernel's pacing keeps it out of the wire's seconds.
constexpr Duration kLateTurn = std::chrono::milliseconds(30);
/// Fixed header, lengths, packet id, content type.
constexpr std::uint64_t kMqttHeaders_bytes = 48;

std::uint64_t parts(std::uint64_t whole, std::uint64_t part) {
    return (whole + part - 1) / part;
}

}  // namespace

LineCap::LineCap(const config::HubConfig& hub) : kbps_(static_cast<std::uint32_t>(hub.cap_kbps)) {
    for (const auto& hours : hub.cap_hours) {
        hours_.push_back({config::WeekHours::parse(hours.hours).value_or(config::WeekHours()),
                          static_cast<std::uint32_t>(hours.kbps)});
    }
}

std::uint32_t LineCap::kbps(const WallReading& now) const {
    if (hours_.empty()) return kbps_;
    if (now.quality == WallQuality::Unsynced) return least_kbps();
    const int minute = localMinuteOfWeek(now.time);
    const auto found =
        std::ranges::find_if(hours_, [minute](const Hours& hours) { return hours.when.includes(minute); });
    return found == hours_.end() ? kbps_ : found->kbps;
}

std::uint32_t LineCap::least_kbps() const {
    std::uint32_t least = kbps_;
    for (const auto& hours : hours_) least = std::min(least, hours.kbps);
    return least;
}

std::uint64_t wireBytes(std::size_t message_bytes) {
    const std::uint64_t mqtt = message_bytes + kMqttHeaders_bytes;
    const std::uint64_t tls = mqtt + parts(mqtt, kTlsRecord_bytes) * kTlsHeaders_bytes;
    // One segment more: it acknowledges the broker's acknowledgement.
    return tls + (parts(tls, kSegment_bytes) + 1) * kSegmentHeaders_bytes;
}

Duration timeOnLine(std::uint64_t wire_bytes, std::uint64_t bytes_per_s) {
    return Duration(static_cast<std::int64_t>(wire_bytes * kNanosecondsPerSecond / bytes_per_s));
}

Duration LineBudget::wait(Use use, std::uint64_t wire_bytes) const {
    const BootTime now = clock_.bootNow();
    if (use == Use::Urgent) return std::max(free_at_ - now - kUrgentSlack, Duration::zero());
    // What takes over a second of the line is saved up for.
    const Duration ahead = std::max(cost(wire_bytes) - kSecond, Duration::zero());
    const Duration slack = use == Use::Row ? kRowSlack : Duration::zero();
    const Duration wait = std::max(free_at_ + ahead - slack - now, Duration::zero());
    const bool others_first = (rows_wait_ && use != Use::Row) || (live_waits_ && use == Use::Chunk);
    return others_first ? std::max(wait, kPatience) : wait;
}

void LineBudget::charge(std::uint64_t wire_bytes) {
    const BootTime now = clock_.bootNow();
    // A turn of the loop that came late does not cost a line that is in use its time.
    const bool goes_on = now - free_at_ <= kLateTurn;
    free_at_ = (goes_on ? free_at_ : now) + cost(wire_bytes);
}

void LineBudget::chargeUnasked(std::uint64_t wire_bytes) {
    const BootTime now = clock_.bootNow();
    const BootTime charged = std::max(free_at_, now) + cost(wire_bytes);
    free_at_ = std::max(free_at_, std::min(charged, now + kRowSlack));
}

std::uint64_t LineBudget::usable(std::uint32_t kbps) {
    return std::uint64_t{std::max(kbps, 1U)} * 1000 / 8 * kUsed_percent / 100;
}

Duration LineBudget::cost(std::uint64_t wire_bytes) const {
    return timeOnLine(wire_bytes, bytesPerSecond());
}

}  // namespace camgate::uplink
