// A round's way to the card.
#include <algorithm>

#include "base/log.hpp"
#include "ring/ring.hpp"

namespace camgate::ring {
namespace {

/// Of a round: each bad extent of it costs two.
constexpr std::uint32_t kTriesToWrite = 6;

}  // namespace

Result<AppendResult> Ring::append(std::span<const RecordDraft> drafts) {
    AppendResult result;
    if (drafts.empty()) return result;
    if (auto right = checkRound(drafts); !right) return std::unexpected(right.error());
    const BootTime before = clock_.bootNow();
    const std::uint64_t written_before = device_.counts.written_bytes;
    if (auto made = makeKeys(drafts); !made) {
        ++stats_.failed_writes;
        return passOn(made.error(), "making keys");
    }
    auto round = writeWithRetries(drafts);
    result.took = clock_.bootNow() - before;
    noteDuration(result.took);
    if (!round) return std::unexpected(round.error());
    commit(*round);
    result.written_bytes = device_.counts.written_bytes - written_before;
    result.records.resize(drafts.size());
    for (std::vector<Segment>& segments : *round) {
        for (Segment& segment : segments) {
            for (std::size_t i = 0; i < segment.records.size(); ++i)
                result.records[segment.drafts[i]] = std::move(segment.records[i]);
        }
    }
    return result;
}

Status Ring::checkRound(std::span<const RecordDraft> round) const {
    for (const RecordDraft& draft : round) {
        if (auto right = checkDraft(draft); !right) return right;
        if (draft.header.payload_bytes > largestPayload()) {
            return fail(ErrorKind::InvalidArgument,
                        "a record of " + std::to_string(draft.header.payload_bytes) +
                            " bytes, an extent takes " + std::to_string(largestPayload()));
        }
        if (!extents_.isWritten(draft.retention_class)) {
            return fail(ErrorKind::InvalidArgument, "a record of retention class " +
                                                        std::to_string(draft.retention_class) +
                                                        ", which has no share of the ring");
        }
    }
    return {};
}

Result<Ring::Round> Ring::writeWithRetries(std::span<const RecordDraft> drafts) {
    Error last;
    card_fails_ = false;
    for (std::uint32_t tries = 0; tries < kTriesToWrite && !card_fails_; ++tries) {
        auto round = layOut(drafts);
        if (!round) {
            ++stats_.failed_writes;
            return passOn(round.error(), "opening an extent");
        }
        const Status written = tries == 0 ? write(*round) : writeOneByOne(*round);
        if (written) return round;
        ++stats_.failed_writes;
        last = written.error();
    }
    return passOn(last, "writing a round");
}

Status Ring::makeKeys(std::span<const RecordDraft> drafts) {
    if (keys_.slots() != nullptr && !keys_.slots()->writes())
        return fail(ErrorKind::FailedPrecondition, "the ring was opened with a release key, for reading");
    if (!keys_.lacksKeysFor(drafts)) return {};
    if (auto done = releaseSlots(); !done) return done;
    return keys_.makeKeysFor(drafts);
}

Result<Ring::Round> Ring::layOut(std::span<const RecordDraft> drafts) {
    Round round;
    for (std::size_t i = 0; i < writers_.size(); ++i) {
        auto segments = writers_[i].layOut(drafts);
        if (!segments) return std::unexpected(segments.error());
        round[i] = std::move(*segments);
    }
    return round;
}

Status Ring::write(const Round& round) {
    for (const std::vector<Segment>& segments : round) {
        for (const Segment& segment : segments) {
            if (segment.bytes.empty()) continue;
            if (auto done = device_.write(segment.extent, segment.offset, segment.bytes); !done) return done;
        }
    }
    closer_.write();
    retired_.mend();
    for (std::size_t i = 0; i < writers_.size(); ++i) writers_[i].writeAhead(round[i], !last_round_slow_);
    if (auto done = device_.sync(); !done) return done;
    closer_.adopt();
    for (ClassWriter& writer : writers_) writer.adoptAhead();
    return {};
}

Status Ring::writeOneByOne(const Round& round) {
    for (std::size_t i = 0; i < writers_.size(); ++i) {
        for (const Segment& segment : round[i]) {
            if (segment.bytes.empty()) continue;
            Status done = device_.write(segment.extent, segment.offset, segment.bytes);
            if (done) done = device_.sync();
            if (done) continue;
            card_fails_ = !writers_[i].blame(segment.extent);
            return done;
        }
    }
    for (ClassWriter& writer : writers_) writer.retryAhead();
    return {};
}

void Ring::commit(const Round& round) {
    for (std::size_t i = 0; i < writers_.size(); ++i) {
        writers_[i].commit(round[i]);
        for (const Segment& segment : round[i]) {
            for (const RecordInfo& info : segment.records) {
                streams_.note(info.header);
                stats_.payload_bytes += info.header.payload_bytes;
                ++stats_.records;
            }
        }
    }
    cursor_.durable_below = cursor_.next_counter;
    if (streams_.hasManyBoots()) streams_.keepBoots(extents_.boots());
}

void Ring::noteDuration(Duration took) {
    stats_.longest_write = std::max(stats_.longest_write, took);
    last_round_slow_ = took > slow_write_;
    if (!last_round_slow_) return;
    ++stats_.slow_writes;
    logEvent(LogLevel::Warning, "ring", "slow-write",
             {{"ms", std::chrono::duration_cast<std::chrono::milliseconds>(took).count()}});
}

}  // namespace camgate::ring
