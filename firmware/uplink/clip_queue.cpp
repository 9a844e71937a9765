#include "uplink/clip_queue.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <utility>

#include "base/log.hpp"
#include "evidence/manifest.hpp"
#include "uplink/audit_link.hpp"
#include "uplink/new_id.hpp"
#include "uplink/row_builder.hpp"

namespace camgate::uplink {
namespace {

constexpr std::string_view kGateway = "gateway";
constexpr std::size_t kMostWanted = 64;
/// The newest footage is durable within 2 s of its capture.
constexpr Duration kFootageDelay = std::chrono::seconds(2);
constexpr Duration kLongestWait = std::chrono::seconds(60);
constexpr Duration kClipRetryAfter = std::chrono::seconds(30);
constexpr Duration kReopenAfter = std::chrono::seconds(5);
constexpr int kMaxLosses = 3;

std::string detailOf(const outbox::OpenClip& clip) {
    nlohmann::json detail{{"clip", clip.id}};
    if (!clip.event.empty()) detail["event"] = clip.event;
    if (!clip.correlation.empty()) detail["correlation"] = toHex(clip.correlation);
    return detail.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}

ClipCounts withUpload(ClipCounts counts, const ClipUpload& upload) {
    counts.chunk_bytes_sent += upload.bytesSent();
    counts.most_in_flight_bytes = std::max(counts.most_in_flight_bytes, upload.mostInFlightBytes());
    return counts;
}

outbox::AuditLink clipAudit(const outbox::OpenClip& clip, std::string outcome, WallTime now) {
    const std::string actor = clip.signer.empty() ? std::string(kGateway) : clip.signer;
    return auditLink({now, actor, "clip.upload", std::move(outcome), detailOf(clip)});
}

outbox::Row failedRow(const outbox::OpenClip& clip, const Refusal& why, WallTime now) {
    return makeRow(outbox::Priority::Bulk, topicSuffix(Topic::ClipManifest, {clip.id}),
                   manifestFailedJson({clip.id, clip.event, clip.correlation, why}), now);
}

}  // namespace

ClipQueue::ClipQueue(UploadPorts ports, outbox::AsyncOutbox& store, RefusalCounts& refused)
    : ports_(ports), store_(store), refused_(refused) {}

void ClipQueue::load() {
    store_.ask<std::vector<outbox::OpenClip>>(
        [](outbox::Outbox& outbox) { return outbox.openClips(); },
        lifeline_.guard([this](const Result<std::vector<outbox::OpenClip>>& clips) {
            if (clips) onLoaded(*clips);
        }));
    store_.ask<std::vector<outbox::WantedClip>>(
        [](outbox::Outbox& outbox) { return outbox.wantedClips(); },
        lifeline_.guard([this](const Result<std::vector<outbox::WantedClip>>& clips) {
            if (!clips) return;
            for (const auto& wanted : *clips) want(wanted);
        }));
}

void ClipQueue::onLoaded(const std::vector<outbox::OpenClip>& clips) {
    for (const auto& clip : clips) {
        if (has(clip.id)) continue;
        entries_.push_back({clip, std::nullopt, 0, {}});
        entries_.back().open.plan.clear();
        if (clip.seed.empty()) entries_.back().open.seed = newSeed();
        reopen(clip.id, clip.plan);
    }
}

void ClipQueue::reopen(const std::string& clip, const Bytes& plan) {
    ports_.source.reopen(plan, lifeline_.guard([this, clip, plan](Result<clip::PlannedClip> planned) {
        onReopened(clip, plan, planned);
    }));
}

void ClipQueue::onReopened(const std::string& clip, const Bytes& plan,
                           const Result<clip::PlannedClip>& planned) {
    const auto entry = find(clip);
    if (entry == entries_.end() || entry->planned) return;
    if (planned) {
        entry->planned = *planned;
        entry->planned->plan.clear();
        return next();
    }
    const ErrorKind kind = planned.error().kind;
    // A plan that cannot be read will not be readable later either.
    if (kind == ErrorKind::NotFound || kind == ErrorKind::Corruption || kind == ErrorKind::InvalidArgument) {
        return close(entry, "footage-gone",
                     Refusal{ErrorKind::NotFound, "footage-gone", planned.error().describe()});
    }
    entry->retry = ports_.loop.runAfter(kReopenAfter, [this, clip, plan] { reopen(clip, plan); });
}

void ClipQueue::want(const outbox::WantedClip& wanted) {
    if (wanted_.contains(wanted.event)) return;
    if (wanted_.size() >= kMostWanted) abandon(wanted_.begin()->first, "given-up");
    const Duration until_end = std::clamp(Duration(wanted.to - now()), Duration::zero(), kLongestWait);
    wanted_[wanted.event] = {wanted, ports_.loop.runAfter(until_end + kFootageDelay,
                                                          [this, event = wanted.event] { plan(event); })};
}

void ClipQueue::plan(const std::string& event) {
    const outbox::WantedClip& wanted = wanted_.at(event).clip;
    ports_.source.plan({wanted.camera, wanted.from, wanted.to, clip::Quality::Preview, event},
                       lifeline_.guard([this, event](Result<clip::PlannedClip> planned) {
                           if (wanted_.contains(event)) onPlanned(event, planned);
                       }));
}

void ClipQueue::onPlanned(const std::string& event, const Result<clip::PlannedClip>& planned) {
    if (!planned && planned.error().kind != ErrorKind::NotFound) return planAgain(event);
    if (!planned) return abandon(event, "no-footage");
    const outbox::OpenClip open{planned->id, planned->plan, event, {}, "", now(), newSeed()};
    outbox::Changes changes;
    const bool too_long = planned->manifest.size() > evidence::kMaxManifest_bytes;
    if (too_long || !makeRoom(changes)) {
        ports_.source.release(planned->id);
        return abandon(event, too_long ? "too-long" : "busy");
    }
    changes.unwant_clips.push_back(event);
    changes.open_clips.push_back(open);
    ports_.sender.commitFirst(std::move(changes),
                              lifeline_.guard([this, event, open, clip = *planned](Status done) {
                                  if (!done) {
                                      if (!has(clip.id)) ports_.source.release(clip.id);
                                      return planAgain(event);
                                  }
                                  wanted_.erase(event);
                                  add(clip, open);
                              }));
}

void ClipQueue::planAgain(const std::string& event) {
    const auto wanted = wanted_.find(event);
    if (wanted == wanted_.end()) return;
    wanted->second.timer = ports_.loop.runAfter(kClipRetryAfter, [this, event] { plan(event); });
}

void ClipQueue::abandon(const std::string& event, const std::string& outcome) {
    outbox::OpenClip none;
    none.event = event;
    outbox::Changes changes;
    changes.unwant_clips.push_back(event);
    changes.audits.push_back(clipAudit(none, outcome, now()));
    wanted_.erase(event);
    ++counts_.failed;
    ports_.sender.commit(std::move(changes));
}

bool ClipQueue::makeRoom(outbox::Changes& changes) {
    if (entries_.size() < kMostOpen) return true;
    const auto victim = std::ranges::find_if(entries_, [this](const Entry& entry) {
        return entry.open.correlation.empty() && !(current_ && current_->clip() == entry.open.id);
    });
    if (victim == entries_.end()) return false;
    changes.close_clips.push_back(victim->open.id);
    changes.audits.push_back(clipAudit(victim->open, "given-up", now()));
    ++counts_.failed;
    ports_.source.release(victim->open.id);
    entries_.erase(victim);
    return true;
}

void ClipQueue::add(const clip::PlannedClip& planned, const outbox::OpenClip& open) {
    auto entry = find(open.id);
    if (entry == entries_.end()) entry = entries_.insert(entries_.end(), Entry{});
    Bytes seed = entry->open.seed.empty() ? open.seed : entry->open.seed;
    entry->open = open;
    entry->open.plan.clear();
    entry->open.seed = std::move(seed);
    entry->planned = planned;
    entry->planned->plan.clear();
    next();
}

bool ClipQueue::cancel(const std::string& clip, outbox::Changes& changes) {
    const auto entry = find(clip);
    if (entry == entries_.end()) return false;
    changes.close_clips.push_back(clip);
    changes.audits.push_back(clipAudit(entry->open, "cancelled", now()));
    changes.rows.push_back(failedRow(entry->open, {ErrorKind::Cancelled, "cancelled", ""}, now()));
    return true;
}

void ClipQueue::drop(const std::string& clip) {
    const auto entry = find(clip);
    if (entry == entries_.end()) return;
    entries_.erase(entry);
    ++counts_.failed;
    if (current_ && current_->clip() == clip) dropUpload();
    ports_.source.release(clip);
    next();
}

bool ClipQueue::has(const std::string& clip) const {
    return std::ranges::any_of(entries_, [&](const Entry& entry) { return entry.open.id == clip; });
}

ClipQueue::Entries::iterator ClipQueue::find(const std::string& clip) {
    return std::ranges::find_if(entries_, [&](const Entry& entry) { return entry.open.id == clip; });
}

ClipCounts ClipQueue::counts() const {
    return current_ ? withUpload(counts_, *current_) : counts_;
}

void ClipQueue::onControlUp() {
    control_up_ = true;
    if (current_) {
        current_->announce();
    } else {
        next();
    }
}

void ClipQueue::onControlDown() {
    control_up_ = false;
}

void ClipQueue::next() {
    if (current_ || !control_up_ || pause_.active()) return;
    const auto asked = [](const Entry& entry) { return entry.planned && !entry.open.correlation.empty(); };
    const auto planned = [](const Entry& entry) { return entry.planned.has_value(); };
    auto entry = std::ranges::find_if(entries_, asked);
    if (entry == entries_.end()) entry = std::ranges::find_if(entries_, planned);
    if (entry == entries_.end()) return;
    const UploadOrder order{entry->open.id,        entry->open.event,        entry->open.correlation,
                            entry->planned->bytes, entry->planned->manifest, entry->open.seed};
    current_ = std::make_unique<ClipUpload>(
        ports_, order, [this](ClipUpload::End end, const Refusal& why) { onEnded(end, why); });
    current_->announce();
}

void ClipQueue::onReceipt(const std::string& clip, ByteView payload) {
    if (!current_ || current_->clip() != clip) {
        // One that waits its turn is announced anew then.
        if (!has(clip)) refused_.add("unknown-clip");
        return;
    }
    if (auto taken = current_->onReceipt(payload); !taken) {
        refused_.add("malformed");
        logEvent(LogLevel::Warning, "uplink", "clip-receipt-malformed", {{"error", taken.error()}});
    }
    ports_.bulk_keeper.need();
}

void ClipQueue::onEnded(ClipUpload::End end, const Refusal& why) {
    const auto entry = find(current_->clip());
    dropUpload();
    if (entry == entries_.end()) return next();
    switch (end) {
        case ClipUpload::End::Verified:
            return close(entry, "verified", std::nullopt);
        case ClipUpload::End::Failed:
            return close(entry, why.reason, why);
        case ClipUpload::End::Lost:
            if (++entry->losses > kMaxLosses) return close(entry, why.reason, why);
            return openAgain(entry);
        case ClipUpload::End::Stuck:
            logEvent(LogLevel::Warning, "uplink", "clip-stuck",
                     {{"clip", entry->open.id}, {"why", why.message}});
            return postpone(entry);
    }
}

/// The source forgets what nobody touched for long, and what somebody else released.
void ClipQueue::openAgain(Entries::iterator entry) {
    entry->planned.reset();
    store_.ask<std::vector<outbox::OpenClip>>(
        [](outbox::Outbox& outbox) { return outbox.openClips(); },
        lifeline_.guard([this, clip = entry->open.id](const Result<std::vector<outbox::OpenClip>>& open) {
            const auto lost = find(clip);
            if (lost == entries_.end()) return;
            if (!open) {
                lost->retry = ports_.loop.runAfter(kReopenAfter, [this, clip] {
                    if (const auto again = find(clip); again != entries_.end()) openAgain(again);
                });
                return;
            }
            for (const auto& each : *open) {
                if (each.id == clip) reopen(clip, each.plan);
            }
        }));
    next();
}

void ClipQueue::postpone(Entries::iterator entry) {
    Entry last = std::move(*entry);
    entries_.erase(entry);
    entries_.push_back(std::move(last));
    pause_ = ports_.loop.runAfter(kClipRetryAfter, [this] {
        pause_.cancel();
        next();
    });
}

void ClipQueue::close(Entries::iterator entry, const std::string& outcome,
                      const std::optional<Refusal>& failure) {
    const outbox::OpenClip open = std::move(entry->open);
    entries_.erase(entry);
    outbox::Changes changes;
    changes.close_clips.push_back(open.id);
    changes.audits.push_back(clipAudit(open, outcome, now()));
    if (failure) {
        ++counts_.failed;
        changes.rows.push_back(failedRow(open, *failure, now()));
    } else {
        ++counts_.verified;
    }
    ports_.sender.commit(std::move(changes));
    ports_.source.release(open.id);
    next();
}

void ClipQueue::dropUpload() {
    counts_ = withUpload(counts_, *current_);
    current_.reset();
}

void ClipQueue::onBulkRoom() {
    if (current_) current_->pump();
}

}  // namespace camgate::uplink
