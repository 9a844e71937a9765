#include "app/ledger.hpp"

#include <algorithm>
#include <utility>

#include "base/log.hpp"
#include "evidence/countersignature.hpp"
#include "evidence/merkle.hpp"
#include "ring/camera_tag.hpp"

namespace camgate::app {
namespace {

using namespace std::chrono_literals;

constexpr Duration kClockTick = 1s;
constexpr Duration kMoreAfter = 5s;
/// A stream's ledger begins so long before its first checkpoint.
constexpr Duration kFirstReach = 1h;
constexpr Duration kBeforeLast = 1h;
constexpr Duration kGatherWindow = 6h;
/// What is further away is not gone through step by step: a clock was wrong, or the box was away for long.
constexpr Duration kLongestReach = 24h * 30;
constexpr Duration kLookBack = 24h;

std::optional<evidence::LostMessages> lostOf(const std::vector<outbox::Gap>& gaps, std::string_view camera) {
    const auto gap = std::ranges::find(gaps, camera, &outbox::Gap::camera);
    if (gap == gaps.end()) return std::nullopt;
    return evidence::LostMessages{gap->first, gap->last, gap->count};
}

}  // namespace

struct Ledger::Gathering {
    std::optional<outbox::LedgerEntry> last;
    std::vector<LedgerLeaf> leaves;
    WallTime from;
    bool has_before = false;
    bool looked_back = false;
    std::uint64_t after() const { return last ? last->last_sequence : 0; }

    void add(const LedgerScan& scan) {
        has_before = has_before || scan.has_before;
        leaves.insert(leaves.end(), scan.leaves.begin(), scan.leaves.end());
        std::ranges::sort(leaves, {}, [](const LedgerLeaf& leaf) { return leaf.id.sequence; });
        const auto doubles =
            std::ranges::unique(leaves, {}, [](const LedgerLeaf& leaf) { return leaf.id.sequence; });
        leaves.erase(doubles.begin(), doubles.end());
    }
    bool hasHole() const {
        if (leaves.empty()) return false;
        const std::uint64_t span = leaves.back().id.sequence - after();
        return last && span != leaves.size();
    }
};

Ledger::Ledger(LedgerPorts ports, LedgerOptions options, std::optional<crypto::Identity> key,
               std::optional<crypto::Certificate> hub_authority)
    : ports_(std::move(ports)),
      options_(std::move(options)),
      key_(std::move(key)),
      hub_authority_(std::move(hub_authority)),
      watch_(options_.boot_session) {
    const auto observe = [this] {
        const Clock& clock = ports_.loop.clock();
        (void)watch_.observe(clock.bootNow(), clock.timeMap());
    };
    observe();
    clock_tick_ = ports_.loop.runEvery(kClockTick, observe);
}

Ledger::~Ledger() {
    *alive_ = false;
}

template <class Call>
auto Ledger::guard(Call call) const {
    // An answer that comes after this has gone, or after the ring has, is nobody's.
    return [call = std::move(call), alive = alive_, opening = ring_openings_, self = this](auto&&... args) {
        if (*alive && self->ring_openings_ == opening) call(std::forward<decltype(args)>(args)...);
    };
}

/// Those that are gone stay as well: their last records are still to be vouched for.
void Ledger::takeCameras() {
    for (const std::string& camera : options_.cameras) {
        const auto known = std::ranges::find(streams_, camera, &Stream::camera);
        if (known != streams_.end()) continue;
        streams_.push_back({camera, media::StreamKind::Main, 0});
        streams_.push_back({camera, media::StreamKind::Sub, 0});
    }
}

void Ledger::onRingOpen(ring::Ring& ring) {
    onRingClose();
    ring_ = &ring;
    ring_id_ = toHex(ring.header().id);
    if (key_) timer_ = ports_.loop.runAfter(kFirstAfter, [this] { begin(); });
}

void Ledger::onRingClose() {
    ring_ = nullptr;
    ++ring_openings_;
    timer_.cancel();
    busy_ = false;
    gathering_.reset();
}

void Ledger::begin() {
    timer_ = ports_.loop.runAfter(kInterval, [this] { begin(); });
    if (busy_ || ring_ == nullptr) return;
    busy_ = true;
    takeCameras();
    more_ = false;
    turn_ = 0;
    made_.clear();
    seen_.clear();
    ports_.outbox.ask<OfGateway>(ofGateway, guard([this](const Result<OfGateway>& of_gateway) {
                                     if (!of_gateway) return giveUp(of_gateway.error());
                                     of_gateway_ = *of_gateway;
                                     nextStream();
                                 }));
}

Result<Ledger::OfGateway> Ledger::ofGateway(outbox::Outbox& outbox) {
    auto gaps = outbox.gaps();
    if (!gaps) return std::unexpected(gaps.error());
    const auto head = outbox.auditHead();
    if (!head) return std::unexpected(head.error());
    OfGateway found{std::move(*gaps), std::nullopt};
    if (const auto hash = crypto::digestFromHex(head->hash); hash && head->number > 0)
        found.audit = evidence::AuditHead{head->number, *hash};
    return found;
}

void Ledger::nextStream() {
    if (turn_ >= streams_.size()) return finish();
    gathering_ = std::make_unique<Gathering>();
    const outbox::LedgerQuery query{current().camera, static_cast<std::uint8_t>(current().stream), ring_id_};
    ports_.outbox.ask<std::optional<outbox::LedgerEntry>>(
        [query](outbox::Outbox& outbox) { return outbox.newestInLedger(query); },
        guard([this](Result<std::optional<outbox::LedgerEntry>> last) { onLast(std::move(last)); }));
}

void Ledger::onLast(Result<std::optional<outbox::LedgerEntry>> last) {
    if (!last) return giveUp(last.error());
    gathering_->last = std::move(*last);
    const WallTime now = ports_.loop.clock().wallNow().time;
    gathering_->from = now - kFirstReach;
    if (gathering_->last) {
        gathering_->from = gathering_->last->to - kBeforeLast;
        const bool near = std::chrono::abs(now - gathering_->last->to) <= kLongestReach;
        if (!near) gathering_->from = now - kLookBack;
    }
    scan();
}

void Ledger::scan() {
    const LedgerWindow window{ring::cameraTag(options_.gateway, current().camera), current().stream,
                              gathering_->from, gathering_->from + kGatherWindow, gathering_->after()};
    const auto done = guard([this](const Result<LedgerScan>& scanned) { onScanned(scanned); });
    const bool posted = ports_.storage([ring = ring_, window, done, &loop = ports_.loop] {
        loop.post([done, scanned = scanLedger(*ring, window)] { done(scanned); });
    });
    if (!posted) giveUp({ErrorKind::Unavailable, 0, "the storage has too much to do"});
}

void Ledger::onScanned(const Result<LedgerScan>& scanned) {
    if (!scanned) return giveUp(scanned.error());
    gathering_->add(*scanned);
    gathering_->from += kGatherWindow;
    const WallTime now = ports_.loop.clock().wallNow().time;
    const bool further =
        scanned->newest && *scanned->newest >= gathering_->from && gathering_->from - now <= kLongestReach;
    if (further && gathering_->leaves.size() < options_.most_leaves) return scan();
    if (gathering_->hasHole() && !std::exchange(gathering_->looked_back, true)) {
        gathering_->from = now - kLookBack;
        return scan();
    }
    make();
}

void Ledger::make() {
    auto& leaves = gathering_->leaves;
    if (!leaves.empty()) {
        Stream& stream = current();
        more_ = more_ || leaves.size() > options_.most_leaves;
        const evidence::Checkpoint checkpoint = checkpointOf(stream, *gathering_);
        auto text = evidence::signCheckpoint(checkpoint, *key_);
        if (!text) return giveUp(text.error());
        outbox::LedgerEntry entry;
        entry.digest = toHex(evidence::digestOf(checkpoint));
        entry.camera = stream.camera;
        entry.stream = static_cast<std::uint8_t>(stream.stream);
        entry.ring = ring_id_;
        entry.first_sequence = checkpoint.first.sequence;
        entry.last_session = checkpoint.last.session;
        entry.last_sequence = checkpoint.last.sequence;
        entry.to = checkpoint.to;
        entry.document = *text;
        made_.push_back({std::move(*text), std::move(entry)});
        seen_.emplace_back(turn_, watch_.noted());
    }
    ++turn_;
    nextStream();
}

evidence::Checkpoint Ledger::checkpointOf(const Stream& stream, const Gathering& gathering) const {
    const auto count = std::min(gathering.leaves.size(), options_.most_leaves);
    const std::span leaves = std::span(gathering.leaves).first(count);
    std::vector<crypto::Digest> hashes;
    evidence::Checkpoint made;
    made.gateway = options_.gateway;
    made.camera = stream.camera;
    made.stream = stream.stream;
    made.ring = ring_id_;
    made.first = leaves.front().id;
    made.last = leaves.back().id;
    made.leaves = count;
    made.from = leaves.front().start;
    made.to = leaves.front().end;
    for (const LedgerLeaf& leaf : leaves) {
        hashes.push_back(leaf.leaf);
        made.from = std::min(made.from, leaf.start);
        made.to = std::max(made.to, leaf.end);
    }
    made.root = evidence::merkleRoot(hashes);
    if (gathering.last) {
        if (const auto digest = crypto::digestFromHex(gathering.last->digest)) made.previous = *digest;
    }
    const Clock& clock = ports_.loop.clock();
    made.time_map = clock.timeMap();
    made.made = clock.bootNow();
    made.watermark = gathering.leaves.back().id;
    watch_.addSince(stream.corrections_seen, made);
    made.lost_messages = lostOf(of_gateway_.gaps, stream.camera);
    made.lost_of_gateway = lostOf(of_gateway_.gaps, "");
    made.audit = of_gateway_.audit;
    return made;
}

void Ledger::finish() {
    gathering_.reset();
    busy_ = false;
    if (made_.empty()) return;
    busy_ = true;
    ports_.commit(std::exchange(made_, {}), guard([this](const Status& committed) {
                      busy_ = false;
                      if (!committed) return giveUp(committed.error());
                      for (const auto& [stream, noted] : seen_) streams_[stream].corrections_seen = noted;
                      if (more_) timer_ = ports_.loop.runAfter(kMoreAfter, [this] { begin(); });
                  }));
}

void Ledger::giveUp(const Error& error) {
    logEvent(LogLevel::Warning, "app", "checkpoint-not-made", {{"why", error}});
    gathering_.reset();
    busy_ = false;
}

void Ledger::onCountersigned(const std::vector<std::string>& documents) {
    if (!hub_authority_) return;
    outbox::Changes changes;
    for (const std::string& document : documents) {
        const auto word = evidence::verifyCountersignatureAsOfThen(document, *hub_authority_);
        if (word && word->gateway == options_.gateway) {
            changes.countersigned.push_back({toHex(word->checkpoint), document});
            continue;
        }
        logEvent(LogLevel::Warning, "app", "countersignature-refused",
                 {{"why", word ? std::string("it is for another gateway") : word.error().describe()}});
    }
    if (changes.countersigned.empty()) return;
    ports_.outbox.apply(std::move(changes), [](const Result<outbox::Applied>&) {});
}

void Ledger::find(const clip::CheckpointQuery& query,
                  clip::Answer<std::vector<evidence::AnchoredCheckpoint>> answer) {
    const outbox::LedgerQuery of{query.camera, static_cast<std::uint8_t>(query.stream), query.ring};
    ports_.outbox.ask<std::vector<outbox::LedgerEntry>>(
        [of, first = query.first_sequence, last = query.last_sequence](outbox::Outbox& outbox) {
            return outbox.ledgerOf(of, first, last);
        },
        [answer](const Result<std::vector<outbox::LedgerEntry>>& entries) {
            if (!entries) return answer(std::unexpected(entries.error()));
            std::vector<evidence::AnchoredCheckpoint> checkpoints;
            for (const auto& entry : *entries)
                checkpoints.push_back({entry.document, entry.countersignature});
            answer(std::move(checkpoints));
        });
}

}  // namespace camgate::app
