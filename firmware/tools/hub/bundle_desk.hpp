// Answers gateways that ask for a bundle, a piece at a time, one gateway after the other, within a pace of
// its own: what waits is a request per gateway, never bytes. Knows no MQTT. One thread; calls block for as
// long as a piece takes to read. Implements docs/ref/hub.md (Bundles).
#pragma once

#include <deque>
#include <functional>
#include <map>
#include <string>

#include "tools/hub/bundle_shelf.hpp"
#include "uplink/bundle_piece.hpp"

namespace camgate::hub {

class BundleDesk {
  public:
    using Send = std::function<void(const std::string& topic, const std::string& payload)>;

    /// Who asks while so many others wait is not heard, and asks again.
    static constexpr std::size_t kMostWaiting = 4096;
    /// Of one request no more is answered.
    static constexpr std::uint64_t kMostAtOnce_bytes = 1U << 20U;
    /// What a gateway asked for it asks for again after that.
    static constexpr Duration kGoodFor = std::chrono::seconds(30);

    BundleDesk(BundleShelf shelf, const Clock& clock, std::uint64_t pace_bytes_per_s, Send send)
        : shelf_(std::move(shelf)),
          clock_(clock),
          pace_bytes_per_s_(pace_bytes_per_s),
          send_(std::move(send)) {}

    /// What a gateway still misses; a newer word of it replaces the one before.
    [[nodiscard]] Status take(const std::string& gateway, const std::string& sha256, ByteView wanted);
    /// Sends pieces that are due, a few at most. How long until the next one is; `longest` if none waits.
    Duration sendDue(Duration longest);

  private:
    struct Want {
        std::string sha256;
        uplink::Wanted wanted;
        std::uint64_t left_bytes = 0;
        BootTime since{};
    };
    void refuse(const std::string& gateway, const std::string& sha256, const uplink::Wanted& wanted,
                uplink::PieceRefusal why);
    void sendPiece(const std::string& gateway, Want& want);
    void send(const std::string& gateway, const std::string& sha256, const uplink::Piece& piece);

    BundleShelf shelf_;
    const Clock& clock_;
    std::uint64_t pace_bytes_per_s_;
    Send send_;
    std::map<std::string, Want> wants_;  // by gateway
    std::deque<std::string> turns_;      // each of them once
    BootTime free_at_{};
};

}  // namespace camgate::hub
