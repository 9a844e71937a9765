// Has the hub bring an update's bundle over the control connection: asks for a window of what is missing,
// hands on the pieces in order, and asks for the next window once they are written and half of the family's
// cap has carried them. Keeps nothing of the bundle: what is missing it is told by FirmwareUpdates, so that
// it can be made anew at any time. Loop thread only. Implements docs/design/update.md (Over MQTT).
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "base/event_loop.hpp"
#include "base/lifeline.hpp"
#include "uplink/bundle_piece.hpp"
#include "uplink/channel.hpp"
#include "uplink/providers.hpp"
#include "uplink/refusal_counts.hpp"

namespace camgate::uplink {

/// How long after its order a gateway begins to ask for a bundle, by both names: below an hour.
Duration bundleMoment(const std::string& gateway, const std::string& sha256);
/// cap x (round trip + 200 ms), within 4 to 256 KiB.
std::uint64_t bundleWindow_bytes(std::uint64_t line_bytes_per_s, Duration round_trip);

class BundlePull {
  public:
    /// Without a piece for so long, what is missing is asked for again.
    static constexpr Duration kAskAgain = std::chrono::seconds(30);

    /// What it borrows outlives it. `updates` null: nothing is ever wanted.
    BundlePull(EventLoop& loop, Channel& control, RefusalCounts& refused, FirmwareUpdates* updates,
               std::string gateway);

    void onUp() { next(); }
    void onDown() { forgetRequest(); }
    /// Another bundle is wanted, or the same from another place on.
    void begin();
    /// On the topic of the bundle with that hash.
    void onPiece(const std::string& sha256, const HubMessage& message);

  private:
    struct Asked {
        std::uint32_t request;
        std::uint64_t to;
    };
    std::optional<WantedBundle> wanted() const;
    void next();
    void nextAfter(Duration wait);
    void ask(const WantedBundle& bundle);
    void expectPiece();
    void forgetRequest();
    void take(const Piece& piece);
    void onWritten();
    void charge(const HubMessage& message);
    void drop(std::string_view reason, const std::string& what);

    EventLoop& loop_;
    Channel& control_;
    RefusalCounts& refused_;
    FirmwareUpdates* updates_;
    std::string gateway_;
    std::string sha256_;       // of the bundle that start_ was reckoned for
    BootTime start_{};         // no byte of it is asked for before
    BootTime line_free_at_{};  // half of the cap has carried what came
    std::uint32_t request_;    // the newest
    std::optional<Asked> asked_;
    std::size_t unwritten_ = 0;  // pieces
    bool waits_ = false;         // the hub has not answered the last request: was said
    LoopHandle timer_;
    Lifeline lifeline_;  // last
};

}  // namespace camgate::uplink
