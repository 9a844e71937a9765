#include "link/ack_window.hpp"

#include <algorithm>

namespace camgate::link {

std::uint16_t windowBelow(std::uint16_t asked, std::uint16_t broker_receive_maximum) {
    const int below = std::max(1, broker_receive_maximum - 1);
    return static_cast<std::uint16_t>(std::clamp<int>(asked, 1, below));
}

std::uint32_t AckWindow::start(std::uint64_t id, BootTime now) {
    const std::uint32_t ticket = next_ticket_++;
    waiting_[ticket] = Waiting{id, now};
    return ticket;
}

std::optional<std::uint64_t> AckWindow::finish(std::uint32_t ticket, BootTime now, bool acknowledged) {
    const auto found = waiting_.find(ticket);
    if (found == waiting_.end()) return std::nullopt;
    const Waiting waiting = found->second;
    waiting_.erase(found);
    if (acknowledged) round_trip_ = now - waiting.since;
    return waiting.id;
}

std::optional<BootTime> AckWindow::oldest() const {
    if (waiting_.empty()) return std::nullopt;
    const auto first = std::min_element(waiting_.begin(), waiting_.end(), [](const auto& a, const auto& b) {
        return a.second.since < b.second.since;
    });
    return first->second.since;
}

}  // namespace camgate::link
