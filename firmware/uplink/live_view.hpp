// Somebody of the hub looks at a camera now: what it delivers, in parts on the bulk connection, as far as the
// line carries it, until the time or the bytes that were ordered are used up. One at a time; nothing of it is
// kept or sent again. Loop thread only. Implements docs/design/live.md.
#pragma once

#include <deque>
#include <functional>
#include <optional>
#include <string>

#include "base/lifeline.hpp"
#include "uplink/bulk_keeper.hpp"
#include "uplink/chunk.hpp"
#include "uplink/hub_messages.hpp"
#include "uplink/providers.hpp"

namespace camgate::uplink {

struct LivePorts {
    EventLoop& loop;
    Channel& bulk;
    BulkKeeper& bulk_keeper;
    LineBudget& line;
    Cameras& cameras;
    std::optional<evidence::DeliveryKey> seal_to;  ///< none: parts go in clear
};

struct LiveSigner {
    std::string fingerprint;
    std::string name;
};

struct LivePrepared {
    std::string id;
    std::string result_json;  ///< of the command
};

struct LiveEnd {
    std::string id;
    std::string camera;
    LiveSigner signer;
    std::string reason;       ///< of docs/design/live.md
    std::uint64_t bytes = 0;  ///< that were sent
    Duration most_behind{0};  ///< from a fragment's end at the camera to the broker's word
};

/// What the audit trail keeps of it, a JSON object.
std::string liveEndJson(const LiveEnd& end);

class LiveView final : public BulkUser, private LiveViewer {
  public:
    LiveView(LivePorts ports, std::function<void(const LiveEnd&)> ended);
    ~LiveView() override;

    /// Takes the place; start() or drop() follows. Unavailable: somebody looks already; another error: it
    /// cannot be sealed.
    [[nodiscard]] Result<LivePrepared> prepare(const LiveOrder& order, LiveSigner signer);
    /// The order is durable.
    void start();
    void drop() { view_.reset(); }
    /// False: no such view.
    bool has(const std::string& id) const { return view_ && view_->id == id && view_->end_reason.empty(); }
    void cancel(const std::string& id);
    /// The gateway goes offline in good order.
    void stop();

    bool moving() const override { return view_ && view_->started; }
    void onBulkRoom() override { pump(); }

  private:
    struct Piece {
        Bytes bytes;
        bool starts_file = false;
        BootTime newest{};  ///< capture of what comes next
    };
    struct View {
        std::string id;
        LiveOrder order;
        LiveSigner signer;
        std::optional<evidence::ClipSealer> sealer;
        std::deque<Piece> waiting;
        std::size_t waiting_bytes = 0;
        std::size_t cut = 0;  // of the first that waits
        std::uint32_t next_part = 0;
        std::uint32_t file_from_part = 0;
        std::uint64_t bytes_sent = 0;
        Duration most_behind{0};
        bool started = false;
        bool watching = false;
        std::string end_reason;  // only what has begun and the last part are left to be sent
        LoopHandle deadline;
    };

    bool hasRoom() const override;
    void onFile(Bytes bytes) override;
    void onFragment(Bytes bytes, BootTime newest) override;
    void onOver(std::string_view reason) override;
    void queue(Piece piece);
    void keepWhatHasBegun();
    void pump();
    bool sendNext();
    bool sendPiece();
    bool sendLast();
    bool send(std::uint8_t flags, ByteView bytes, BootTime newest);
    void onPartDone(const std::string& id, std::uint32_t part, BootTime newest, Fate fate);
    void end(std::string_view reason);
    void finish();

    LivePorts ports_;
    std::function<void(const LiveEnd&)> ended_;
    std::optional<View> view_;
    LoopHandle pace_;
    Lifeline lifeline_;
};

}  // namespace camgate::uplink
