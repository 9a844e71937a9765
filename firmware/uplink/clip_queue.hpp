// Clips that the hub is to have: wanted by an event's end, planned, open until verified; one is sent at a
// time, those that somebody asked for first. Plans are durable before anything is said of them, and closed
// with the record of how it ended, so that a restart goes on where it was. Loop thread only. Implements
// docs/design/uplink.md (Clips).
#pragma once

#include <deque>
#include <map>
#include <memory>
#include <optional>
#include <string>

#include "base/event_loop.hpp"
#include "base/lifeline.hpp"
#include "clip/clip.hpp"
#include "outbox/async_outbox.hpp"
#include "uplink/clip_upload.hpp"
#include "uplink/refusal_counts.hpp"

namespace camgate::uplink {

struct ClipCounts {
    std::uint64_t verified = 0;
    std::uint64_t failed = 0;
    std::uint64_t chunk_bytes_sent = 0;
    std::size_t most_in_flight_bytes = 0;  ///< of chunks at once
};

class ClipQueue final : public BulkUser {
  public:
    /// Below what the clip source holds open: a place is left to plan the next, and to others.
    static constexpr std::size_t kMostOpen = 12;

    ClipQueue(UploadPorts ports, outbox::AsyncOutbox& store, RefusalCounts& refused);

    /// What an earlier run left open; its footage is held again.
    void load();
    void onControlUp();
    void onControlDown();
    void onReceipt(const std::string& clip, ByteView payload);

    /// An event's clip; that it is wanted is durable already, or about to be.
    void want(const outbox::WantedClip& wanted);
    /// Adds to `changes` what gives up an event's clip if all places are taken. False: none may be given up.
    [[nodiscard]] bool makeRoom(outbox::Changes& changes);
    /// A plan that is durable now.
    void add(const clip::PlannedClip& planned, const outbox::OpenClip& open);
    /// Adds to `changes` what ends a clip before its time; drop() follows when that is durable. False: no
    /// such clip.
    [[nodiscard]] bool cancel(const std::string& clip, outbox::Changes& changes);
    void drop(const std::string& clip);
    bool has(const std::string& clip) const;

    bool moving() const override { return current_ && !current_->idle(); }
    void onBulkRoom() override;

    std::size_t open() const { return entries_.size(); }
    ClipCounts counts() const;

  private:
    struct Entry {
        outbox::OpenClip open;  // without its plan
        std::optional<clip::PlannedClip> planned;
        int losses = 0;
        LoopHandle retry;
    };
    struct Wanted {
        outbox::WantedClip clip;
        LoopHandle timer;
    };
    using Entries = std::deque<Entry>;

    void onLoaded(const std::vector<outbox::OpenClip>& clips);
    void reopen(const std::string& clip, const Bytes& plan);
    void onReopened(const std::string& clip, const Bytes& plan, const Result<clip::PlannedClip>& planned);
    void plan(const std::string& event);
    void onPlanned(const std::string& event, const Result<clip::PlannedClip>& planned);
    void planAgain(const std::string& event);
    void abandon(const std::string& event, const std::string& outcome);
    Entries::iterator find(const std::string& clip);
    void next();
    void onEnded(ClipUpload::End end, const Refusal& why);
    void openAgain(Entries::iterator entry);
    void postpone(Entries::iterator entry);
    void close(Entries::iterator entry, const std::string& outcome, const std::optional<Refusal>& failure);
    void dropUpload();
    WallTime now() const { return ports_.loop.clock().wallNow().time; }

    UploadPorts ports_;
    outbox::AsyncOutbox& store_;
    RefusalCounts& refused_;
    Entries entries_;
    std::map<std::string, Wanted> wanted_;  // by event
    std::unique_ptr<ClipUpload> current_;
    ClipCounts counts_;
    bool control_up_ = false;
    LoopHandle pause_;
    Lifeline lifeline_;
};

}  // namespace camgate::uplink
