// Footage of all cameras to the ring: batches them, hands a round at a time to the storage thread, follows
// how the card does. A card that fails is a declared state and a gap, never a stop of the daemon, and never
// another place to write to. Loop thread only; the ring itself lives on the storage thread. Implements
// docs/design/processes.md (Recording).
#pragma once

#include <array>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "app/age_limits.hpp"
#include "app/camera_sink.hpp"
#include "app/seal_setup.hpp"
#include "app/storage_state.hpp"
#include "app/write_times.hpp"
#include "base/event_loop.hpp"
#include "base/task_thread.hpp"
#include "crypto/file_key_source.hpp"
#include "ring/ring.hpp"

namespace camgate::app {

struct RecorderOptions {
    std::string path;
    ring::RingOptions ring;
    std::size_t media_pool_bytes = 0;
    std::vector<RecordedCamera> cameras;
    SealSetup sealing{};
};

class Recorder {
  public:
    using ErasedAnswer = std::function<void(const Result<std::uint32_t>& keys)>;

    /// `on_state` is told of every change; `on_open` once the ring can be read, each time it was opened;
    /// `on_close` when that ring goes: what is queued may still read it, nothing may be queued after.
    Recorder(EventLoop& loop, FileSystem& files, RecorderOptions options, std::function<void()> on_state,
             std::function<void(ring::Ring&)> on_open, std::function<void()> on_close);
    /// Writes what it holds, then ends the storage thread.
    ~Recorder();

    void start();
    /// The footage door of a camera; of one that is not recorded, one that leads nowhere. Lives until
    /// follow().
    FootageSink& sinkOf(const std::string& camera);
    /// Other cameras from now on. A sink of one that stays as it is stays too; those of others are gone.
    void follow(const std::vector<RecordedCamera>& cameras);

    /// Lets the ring go, runs `work` on the storage thread and opens what it left, a new ring where it left
    /// none. What arrives meanwhile is a declared gap. `done` is told what `work` gave, before the opening.
    void rebuild(std::function<Status()> work, std::function<void(Status)> done);

    StorageState state() const { return state_; }
    const std::string& detail() const { return detail_; }
    /// How footage is sealed; empty until the ring was opened.
    const std::string& sealed() const { return sealed_; }
    /// Of the newest round; absent until the ring was opened.
    const std::optional<ring::RingStats>& stats() const { return stats_; }
    /// Since the daemon's start.
    const WriteTimes& writeTimes() const { return write_times_; }
    /// When the ring that is open was opened: RingStats counts from there.
    BootTime openedAt() const { return opened_at_; }
    std::uint64_t storedRecords(const std::string& camera) const;
    std::uint64_t droppedUnits(const std::string& camera) const;
    /// Of every recorded camera.
    std::vector<PoolShare> poolShares() const;
    /// See Ring::eraseDays(); the answer comes on the loop. NotFound: that camera is not recorded;
    /// Unavailable: the ring is not open, or busy.
    void erase(const std::string& camera, const ring::DayRange& days, ErasedAnswer answer);
    /// See Ring::eraseAll(); as erase().
    void eraseAll(std::function<void(Status)> answer);
    /// For reading clips between writes.
    TaskThread& thread() { return thread_; }

  private:
    struct Opened;
    struct Round;

    CameraSink* find(const std::string& camera) const;
    bool joining() const;
    void join();
    void onJoined(const std::map<std::uint64_t, std::array<std::uint64_t, 2>>& next);
    void open();
    void retryOpen();
    void onOpened(Opened opened);
    void onTick();
    void writeRound(std::vector<ring::RecordDraft> drafts);
    void onWritten(Round round);
    void writeLater(std::vector<ring::RecordDraft> drafts, Duration delay);
    void measureRates();
    void watchFile();
    bool isReplaced();
    void letGo();
    void setWorking();
    void keepAgeLimits();
    void eraseDays(const OldDays& old, ErasedAnswer answer);
    void setState(StorageState state, std::string detail);

    EventLoop& loop_;
    FileSystem& files_;
    RecorderOptions options_;
    std::function<void()> on_state_;
    std::function<void(ring::Ring&)> on_open_;
    std::function<void()> on_close_;
    ring::Batcher batcher_;
    std::vector<std::unique_ptr<CameraSink>> sinks_;
    StorageState state_ = StorageState::Opening;
    std::string detail_;
    std::string sealed_;
    crypto::FileKeySource key_source_;  ///< the storage thread's
    std::optional<ring::RingStats> stats_;
    WriteTimes write_times_;
    BootTime opened_at_;
    bool opened_ = false;  ///< units are taken
    bool ever_opened_ = false;
    bool opening_ = false;  ///< the storage thread has yet to answer
    bool in_flight_ = false;
    bool retrying_ = false;  ///< kept_ waits to be written again
    std::vector<ring::RecordDraft> kept_;
    BootTime round_since_;
    std::unique_ptr<ring::Ring> ring_;  ///< touched by the storage thread's tasks only, once opened
    LoopHandle tick_, watch_, retry_, rebuild_, age_, rates_;
    std::shared_ptr<bool> alive_ = std::make_shared<bool>(true);
    TaskThread thread_{"ring", 64};
};

}  // namespace camgate::app
