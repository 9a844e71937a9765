#include "app/recorder.hpp"

#include <algorithm>
#include <utility>

#include "app/boot_session.hpp"
#include "base/log.hpp"
#include "ring/camera_tag.hpp"
#include "ring/ring_inspect.hpp"

namespace camgate::app {
namespace {

constexpr Duration kTick = std::chrono::milliseconds(100);
constexpr Duration kStalledAfter = std::chrono::seconds(2);
constexpr Duration kRetry = std::chrono::seconds(5);
/// So many rounds of the largest size fill the media pool.
constexpr std::size_t kRoundsInPool = 8;
constexpr Duration kMeasureRates = std::chrono::seconds(10);
constexpr Duration kWatchFile = std::chrono::seconds(2);
/// A day that has just become too old is gone within this time.
constexpr Duration kAgeLimits = std::chrono::minutes(10);

ring::BatcherOptions batcherOptions(FileSystem& files, const RecorderOptions& options) {
    ring::BatcherOptions out;
    out.boot_session = bootSession(files);
    // What is on its way to the card cannot go when memory runs out.
    out.round_bytes = std::min(out.round_bytes, options.media_pool_bytes / kRoundsInPool);
    // A unit that fits no extent would take its whole round with it.
    if (options.ring.extent_bytes > 0) {
        out.largest_unit_bytes = std::min<std::size_t>(
            media::kMaxAccessUnit_bytes, static_cast<std::size_t>(options.ring.extent_bytes / 2));
    }
    return out;
}

/// What the gap says when memory runs out.
ring::GapReason reasonWhenFull(StorageState state) {
    switch (state) {
        case StorageState::CardStalled:
            return ring::GapReason::CardStalled;
        case StorageState::Full:
        case StorageState::ReadOnly:
        case StorageState::Error:
            return ring::GapReason::StorageError;
        default:
            return ring::GapReason::QuotaFull;
    }
}

/// For a camera that is watched, not recorded.
class NoSink final : public FootageSink {
    void onStreamConfig(media::StreamKind, media::DecoderConfig) override {}
    Status onAccessUnit(media::AccessUnit) override { return {}; }
    void onInterrupted() override {}
    void onPause(bool) override {}
};

}  // namespace

struct Recorder::Opened {
    Result<std::unique_ptr<ring::Ring>> ring;
    std::string sealed;
};

struct Recorder::Round {
    Status status;
    std::vector<ring::RecordDraft> drafts;
    ring::RingStats stats;
    Duration took{0};
    bool replaced = false;  ///< something else lies where the ring was
};

Recorder::Recorder(EventLoop& loop, FileSystem& files, RecorderOptions options,
                   std::function<void()> on_state, std::function<void(ring::Ring&)> on_open,
                   std::function<void()> on_close)
    : loop_(loop),
      files_(files),
      options_(std::move(options)),
      on_state_(std::move(on_state)),
      on_open_(std::move(on_open)),
      on_close_(std::move(on_close)),
      batcher_(batcherOptions(files, options_), loop.clock()),
      key_source_(files, options_.sealing.key_file) {
    options_.ring.sealing.seal = options_.sealing.on;
    options_.ring.sealing.source = &key_source_;
    options_.ring.sealing.release = options_.sealing.release;
    follow(options_.cameras);
}

Recorder::~Recorder() {
    *alive_ = false;
    if (!opened_) return;
    // After a stall much is left: a round at a time, as encoding takes the same memory again.
    auto last = std::make_shared<std::vector<std::vector<ring::RecordDraft>>>();
    last->push_back(std::move(kept_));
    for (auto round = batcher_.takeRest(); !round.empty(); round = batcher_.takeRest())
        last->push_back(std::move(round));
    const bool posted = thread_.tryPost([this, last] {
        for (auto& round : *last) {
            if (ring_ && !round.empty()) (void)ring_->append(round);
            round.clear();
        }
    });
    if (!posted) logEvent(LogLevel::Warning, "ring", "last-round-lost", {{"rounds", last->size()}});
}

void Recorder::start() {
    tick_ = loop_.runEvery(kTick, [this] { onTick(); });
    watch_ = loop_.runEvery(kWatchFile, [this] { watchFile(); });
    age_ = loop_.runEvery(kAgeLimits, [this] { keepAgeLimits(); });
    rates_ = loop_.runEvery(kMeasureRates, [this] { measureRates(); });
    open();
}

CameraSink* Recorder::find(const std::string& camera) const {
    const auto found = std::find_if(sinks_.begin(), sinks_.end(),
                                    [&](const auto& sink) { return sink->camera() == camera; });
    return found == sinks_.end() ? nullptr : found->get();
}

FootageSink& Recorder::sinkOf(const std::string& camera) {
    static NoSink nowhere;
    CameraSink* sink = find(camera);
    return sink == nullptr ? static_cast<FootageSink&>(nowhere) : *sink;
}

std::uint64_t Recorder::storedRecords(const std::string& camera) const {
    const CameraSink* sink = find(camera);
    return sink == nullptr ? 0 : sink->stored_records;
}

std::uint64_t Recorder::droppedUnits(const std::string& camera) const {
    const CameraSink* sink = find(camera);
    return sink == nullptr ? 0 : sink->dropped();
}

std::vector<PoolShare> Recorder::poolShares() const {
    std::vector<PoolShare> shares;
    for (const auto& sink : sinks_) shares.push_back(sink->poolShare());
    return shares;
}

void Recorder::measureRates() {
    for (const auto& sink : sinks_) sink->measureRate(loop_.clock().bootNow());
}

void Recorder::open() {
    // A ring that was there and is gone is not made anew: another card, or none, lies in its place.
    const bool may_create = !ever_opened_;
    const bool posted = thread_.tryPost([this, may_create, alive = alive_] {
        // Open, it would keep its file locked, and the same file may have come back.
        ring_.reset();
        auto opened = std::make_shared<Opened>();
        if (!may_create && !files_.exists(options_.path)) {
            opened->ring = fail(ErrorKind::NotFound, "the ring " + options_.path + " is gone");
        } else {
            opened->sealed = describeSealing(files_, options_.sealing, key_source_.name(), options_.path);
            ring::RingOptions ring_options = options_.ring;
            ring_options.sealing.described = opened->sealed;
            opened->ring = ring::Ring::open(files_, options_.path, ring_options, loop_.clock());
        }
        loop_.post([this, opened, alive] {
            if (*alive) onOpened(std::move(*opened));
        });
    });
    opening_ = posted;
    if (!posted) retryOpen();
}

void Recorder::retryOpen() {
    retry_ = loop_.runAfter(kRetry, [this] { open(); });
}

void Recorder::onOpened(Opened opened) {
    opening_ = false;
    if (!opened.ring) {
        setState(storageStateOf(opened.ring.error().kind), opened.ring.error().describe());
        return retryOpen();
    }
    sealed_ = std::move(opened.sealed);
    ring_ = std::move(*opened.ring);
    stats_ = ring_->stats();
    opened_ = ever_opened_ = true;
    opened_at_ = loop_.clock().bootNow();
    for (const auto& sink : sinks_) {
        sink->attach(ring_->nextSequence(sink->tag(), media::StreamKind::Main),
                     ring_->nextSequence(sink->tag(), media::StreamKind::Sub));
    }
    setWorking();
    on_open_(*ring_);
    keepAgeLimits();
}

void Recorder::erase(const std::string& camera, const ring::DayRange& days, ErasedAnswer answer) {
    const CameraSink* sink = find(camera);
    if (sink == nullptr) return answer(fail(ErrorKind::NotFound, "camera " + camera + " is not recorded"));
    eraseDays({sink->tag(), days}, std::move(answer));
}

void Recorder::eraseDays(const OldDays& old, ErasedAnswer answer) {
    if (!opened_) return answer(fail(ErrorKind::Unavailable, "the ring is not open"));
    const bool posted = thread_.tryPost([this, old, answer, alive = alive_] {
        const auto erased = ring_->eraseDays(old.camera_tag, old.days);
        loop_.post([erased, answer, alive] {
            if (*alive) answer(erased);
        });
    });
    if (!posted) answer(fail(ErrorKind::Unavailable, "the card is busy, ask again"));
}

void Recorder::eraseAll(std::function<void(Status)> answer) {
    if (!opened_) return answer(fail(ErrorKind::Unavailable, "the ring is not open"));
    const bool posted = thread_.tryPost([this, answer, alive = alive_] {
        const Status erased = ring_->eraseAll();
        loop_.post([erased, answer, alive] {
            if (*alive) answer(erased);
        });
    });
    if (!posted) answer(fail(ErrorKind::Unavailable, "the card is busy, ask again"));
}

void Recorder::keepAgeLimits() {
    std::vector<AgeLimit> limits;
    for (const auto& sink : sinks_) limits.push_back({sink->tag(), sink->keepDays()});
    for (const OldDays& old : oldDays(limits, loop_.clock().wallNow())) {
        eraseDays(old, [](const Result<std::uint32_t>& erased) {
            if (erased) return;
            logEvent(LogLevel::Warning, "ring", "age-limit-failed", {{"why", erased.error()}});
        });
    }
}

void Recorder::onTick() {
    const BootTime now = loop_.clock().bootNow();
    if (in_flight_) {
        if ((state_ == StorageState::Ok || state_ == StorageState::Worn) &&
            now - round_since_ > kStalledAfter) {
            setState(StorageState::CardStalled, "the card has not taken a write for over 2 s");
        }
        return;
    }
    if (!opened_ || retrying_) return;
    if (joining()) return join();
    const auto due = batcher_.nextDue();
    if (due && *due <= now) writeRound(batcher_.takeDue());
}

void Recorder::writeRound(std::vector<ring::RecordDraft> drafts) {
    if (drafts.empty()) return;
    auto round = std::make_shared<Round>();
    round->drafts = std::move(drafts);
    const bool posted = thread_.tryPost([this, round, alive = alive_] {
        auto appended = ring_->append(round->drafts);
        round->status = appended ? Status() : std::unexpected(appended.error());
        if (appended) round->took = appended->took;
        if (!appended) round->replaced = isReplaced();
        round->stats = ring_->stats();
        loop_.post([this, round, alive] {
            if (*alive) onWritten(std::move(*round));
        });
    });
    // The storage thread's queue may be full of reads.
    if (!posted) return writeLater(std::move(round->drafts), kTick);
    in_flight_ = true;
    round_since_ = loop_.clock().bootNow();
}

void Recorder::onWritten(Round round) {
    in_flight_ = false;
    stats_ = round.stats;
    if (round.status) {
        write_times_.note(round.took);
        for (const auto& draft : round.drafts) {
            for (const auto& sink : sinks_)
                sink->stored_records += sink->tag() == draft.header.camera_tag ? 1 : 0;
        }
        if (opened_) setWorking();
        return;
    }
    const Error& error = round.status.error();
    logEvent(LogLevel::Error, "ring", "round-failed", {{"records", round.drafts.size()}, {"why", error}});
    if (error.kind == ErrorKind::InvalidArgument) {
        return batcher_.giveUp(round.drafts, ring::GapReason::StorageError);
    }
    if (round.replaced) {
        kept_ = std::move(round.drafts);
        letGo();
        setState(StorageState::Missing, "the card with the ring " + options_.path + " is gone");
        return retryOpen();
    }
    setState(storageStateOf(error.kind), error.describe());
    writeLater(std::move(round.drafts), kRetry);
}

bool Recorder::isReplaced() {
    // A card that was pulled stays open, and refuses all that is written, while another one lies in its
    // place.
    const auto found = ring::inspectRing(files_, options_.path);
    return found && (found->content != ring::RingContent::Ring || found->id != ring_->header().id);
}

void Recorder::writeLater(std::vector<ring::RecordDraft> drafts, Duration delay) {
    kept_ = std::move(drafts);
    retrying_ = true;
    retry_ = loop_.runAfter(delay, [this] {
        retrying_ = false;
        writeRound(std::exchange(kept_, {}));
    });
}

void Recorder::watchFile() {
    if (!opened_ || in_flight_ || files_.exists(options_.path)) return;
    letGo();
    setState(StorageState::Missing, "the ring " + options_.path + " is gone");
    retryOpen();
}

void Recorder::letGo() {
    opened_ = retrying_ = false;
    batcher_.giveUp(std::exchange(kept_, {}), ring::GapReason::StorageError);
    batcher_.giveUp(batcher_.takeAll(), ring::GapReason::StorageError);
    for (const auto& sink : sinks_) sink->detach();
    on_close_();
}

void Recorder::rebuild(std::function<Status()> work, std::function<void(Status)> done) {
    if (in_flight_ || opening_) {
        rebuild_ = loop_.runAfter(kTick, [this, work = std::move(work), done = std::move(done)]() mutable {
            rebuild(std::move(work), std::move(done));
        });
        return;
    }
    retry_ = {};
    if (opened_) letGo();
    setState(StorageState::Formatting, "");
    opening_ = true;
    const bool posted = thread_.tryPost([this, work = std::move(work), done, alive = alive_] {
        ring_.reset();
        loop_.post([this, status = work(), done, alive] {
            if (!*alive) return;
            // What it made room for is made anew; what it refused stays what it was.
            if (status) ever_opened_ = false;
            done(status);
            open();
        });
    });
    if (posted) return;
    done(fail(ErrorKind::Unavailable, "the card is too busy"));
    open();
}

void Recorder::setWorking() {
    const std::uint32_t retired = stats_->extents_retired;
    if (retired == 0) return setState(StorageState::Ok, "");
    setState(StorageState::Worn, "the card cannot write " + std::to_string(retired) + " of the ring's " +
                                     std::to_string(stats_->extents) + " extents any more");
}

void Recorder::setState(StorageState state, std::string detail) {
    detail_ = std::move(detail);
    if (state_ == state) return;
    state_ = state;
    batcher_.sayWhenFull(reasonWhenFull(state));
    const bool well = state == StorageState::Ok || state == StorageState::Formatting;
    logEvent(well ? LogLevel::Info : LogLevel::Error, "ring", "storage-state",
             {{"state", toString(state)}, {"detail", detail_}});
    on_state_();
}

}  // namespace camgate::app
