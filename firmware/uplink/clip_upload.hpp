// One clip on its way to the hub: announced, its missing chunks sent under the cap, its hash and signed
// manifest said, until the hub has verified it. What is durable (the plan) belongs to ClipQueue: an upload
// can begin again at any time. Loop thread only. Implements docs/ref/mqtt.md (clip) and docs/design/uplink.md
// (Clips).
#pragma once

#include <cstdint>
#include <functional>
#include <set>
#include <string>

#include "base/event_loop.hpp"
#include "base/lifeline.hpp"
#include "clip/clip.hpp"
#include "evidence/sealed_delivery.hpp"
#include "uplink/bulk_keeper.hpp"
#include "uplink/chunk.hpp"
#include "uplink/clip_reader.hpp"
#include "uplink/hub_messages.hpp"
#include "uplink/messages.hpp"
#include "uplink/outbox_sender.hpp"
#include "uplink/range_set.hpp"

namespace camgate::uplink {

/// What the line carries in base64 in two thirds of a second, within 4 to 44 KiB; more where the manifest
/// would have more parts than a hub takes.
std::size_t manifestPartBytes(std::uint64_t line_bytes_per_s, std::size_t manifest_bytes);

struct UploadPorts {
    EventLoop& loop;
    OutboxSender& sender;
    Channel& bulk;
    BulkKeeper& bulk_keeper;
    LineBudget& line;
    clip::ClipSource& source;
    std::optional<evidence::DeliveryKey> seal_to;  ///< none: chunks go in clear
};

struct UploadOrder {
    std::string clip;
    std::string event;
    Bytes correlation;
    std::uint64_t bytes = 0;
    std::string manifest;
    Bytes seed;  ///< of the keys that its chunks are sealed with
};

class ClipUpload {
  public:
    enum class End {
        Verified,
        Failed,  ///< for good: the reason is the protocol's
        Lost,    ///< its source does not know it any more: to be opened again
        Stuck,   ///< for now: its footage cannot be read, or the hub says nothing about it
    };
    using Ended = std::function<void(End, Refusal)>;

    /// `ended` is called once, on a turn of its own.
    ClipUpload(UploadPorts ports, UploadOrder order, Ended ended);
    ~ClipUpload();

    const std::string& clip() const { return order_.clip; }
    /// Says the manifest, again if need be; control is up.
    void announce();
    /// InvalidArgument: malformed, or beyond the clip.
    [[nodiscard]] Status onReceipt(ByteView payload);
    /// Bulk or the line has room again.
    void pump();
    /// Nothing to send and nothing under way.
    bool idle() const { return missing_.empty() && in_flight_.empty(); }
    std::uint64_t bytesSent() const { return bytes_sent_; }
    /// The most that were under way at once.
    std::size_t mostInFlightBytes() const { return most_in_flight_bytes_; }

  private:
    void take(const ClipReceipt& receipt);
    void demandAll();
    bool sendNext(std::uint64_t index);
    void onChunkDone(std::uint64_t index, Fate fate);
    void fetch(std::uint64_t offset);
    void complete();
    void sayComplete(const Result<std::string>& signed_json);
    void say(std::string json);
    void sayPlan(std::size_t part);
    void repeatIfSilent();
    void retryAfterFault(const Error& error);
    void prepareSeal();
    void end(End end, Refusal why);
    std::uint64_t chunkCount() const;
    std::size_t lengthOf(std::uint64_t index) const;

    UploadPorts ports_;
    UploadOrder order_;
    Ended ended_;
    std::size_t chunk_bytes_;
    std::size_t manifest_part_bytes_;
    ClipReader reader_;
    std::optional<evidence::ClipSealer> sealer_;
    RangeSet missing_;  // chunks
    std::set<std::uint64_t> in_flight_;
    std::string owner_;
    std::string said_id_;        // of the manifest that waits for its receipt
    std::string complete_json_;  // once it is known
    bool complete_said_ = false;
    bool signing_ = false;
    bool over_ = false;
    int mismatches_ = 0;
    int faults_ = 0;
    int repeats_ = 0;
    std::uint64_t bytes_sent_ = 0;
    std::size_t most_in_flight_bytes_ = 0;
    BootTime heard_{};
    LoopHandle pace_, repeat_, retry_;
    Lifeline lifeline_;
};

}  // namespace camgate::uplink
