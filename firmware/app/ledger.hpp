// Keeps the ledger: every 10 minutes a signed checkpoint over the records that each camera stream got since
// the last, out of the ring's indexes, made durable with its row to the hub; the hub's countersignatures;
// what the wall clock did meanwhile. Holds no leaves of its own: a start goes on at the newest entry. Loop
// thread only; the ring is read on the storage thread. Implements docs/design/ledger.md.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "app/ledger_scan.hpp"
#include "base/event_loop.hpp"
#include "clip/clip.hpp"
#include "crypto/identity.hpp"
#include "evidence/clock_watch.hpp"
#include "outbox/async_outbox.hpp"
#include "uplink/uplink.hpp"

namespace camgate::app {

struct LedgerOptions {
    std::string gateway;
    std::vector<std::string> cameras;  ///< ids of those that are recorded
    std::uint64_t boot_session = 0;
    std::size_t most_leaves = 4096;  ///< of one checkpoint
};

struct LedgerPorts {
    EventLoop& loop;
    /// Hands a task to the thread that owns the ring; false: its queue is full.
    std::function<bool(std::function<void()>)> storage;
    outbox::AsyncOutbox& outbox;
    /// Makes rows and entries durable (Uplink::commitCheckpoints).
    std::function<void(std::vector<uplink::SignedCheckpoint>, std::function<void(Status)>)> commit;
};

class Ledger final : public clip::CheckpointBook {
  public:
    static constexpr Duration kFirstAfter = std::chrono::minutes(1);
    static constexpr Duration kInterval = std::chrono::minutes(10);

    /// Without a key no checkpoint is made; without the hub's authority no countersignature is believed.
    Ledger(LedgerPorts ports, LedgerOptions options, std::optional<crypto::Identity> key,
           std::optional<crypto::Certificate> hub_authority);
    ~Ledger() override;

    void onRingOpen(ring::Ring& ring);
    /// Ids of the cameras that are recorded from now on; counts from the next round.
    void follow(std::vector<std::string> cameras) { options_.cameras = std::move(cameras); }
    /// What is queued may still read it, nothing is queued after.
    void onRingClose();
    /// Signed documents as a receipt brought them.
    void onCountersigned(const std::vector<std::string>& documents);

    void find(const clip::CheckpointQuery& query,
              clip::Answer<std::vector<evidence::AnchoredCheckpoint>> answer) override;

  private:
    struct Stream {
        std::string camera;
        media::StreamKind stream = media::StreamKind::Main;
        std::uint64_t corrections_seen = 0;
    };
    struct Gathering;
    /// What every checkpoint of a round says beside its own stream.
    struct OfGateway {
        std::vector<outbox::Gap> gaps;
        std::optional<evidence::AuditHead> audit;
    };
    static Result<OfGateway> ofGateway(outbox::Outbox& outbox);

    void begin();
    void takeCameras();
    void nextStream();
    void onLast(Result<std::optional<outbox::LedgerEntry>> last);
    void scan();
    void onScanned(const Result<LedgerScan>& scanned);
    void make();
    evidence::Checkpoint checkpointOf(const Stream& stream, const Gathering& gathering) const;
    void finish();
    void giveUp(const Error& error);
    Stream& current() { return streams_[turn_]; }
    template <class Call>
    auto guard(Call call) const;

    LedgerPorts ports_;
    LedgerOptions options_;
    std::optional<crypto::Identity> key_;
    std::optional<crypto::Certificate> hub_authority_;
    evidence::ClockWatch watch_;
    std::vector<Stream> streams_;
    ring::Ring* ring_ = nullptr;
    std::string ring_id_;
    std::uint64_t ring_openings_ = 0;  // an answer about an older one is of no use
    // The round under way.
    bool busy_ = false;
    bool more_ = false;  // a stream had more than one checkpoint takes
    std::size_t turn_ = 0;
    std::unique_ptr<Gathering> gathering_;
    OfGateway of_gateway_;
    std::vector<uplink::SignedCheckpoint> made_;
    std::vector<std::pair<std::size_t, std::uint64_t>>
        seen_;  // stream, corrections that are in its checkpoint
    LoopHandle clock_tick_, timer_;
    std::shared_ptr<bool> alive_ = std::make_shared<bool>(true);
};

}  // namespace camgate::app
