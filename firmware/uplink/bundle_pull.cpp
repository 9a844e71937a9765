#include "uplink/bundle_pull.hpp"

#include <algorithm>
#include <utility>

#include "base/log.hpp"
#include "crypto/hash.hpp"
#include "crypto/random.hpp"
#include "uplink/line_budget.hpp"
#include "uplink/messages.hpp"
#include "uplink/topics.hpp"

namespace camgate::uplink {
namespace {

constexpr std::chrono::milliseconds kSpread = std::chrono::hours(1);
constexpr Duration kBundleWindowSlack = std::chrono::milliseconds(200);
constexpr std::uint64_t kLeastWindow_bytes = 4U << 10U;
constexpr std::uint64_t kMostWindow_bytes = 256U << 10U;
/// The connection has no room for a request.
constexpr Duration kNoRoom = std::chrono::seconds(1);

/// So that pieces for an earlier run of the daemon are known as such.
std::uint32_t anyRequest() {
    Bytes random(4);
    if (!crypto::fillRandom(random)) return 0;
    return ByteReader(random).get<std::uint32_t>();
}

const char* wordsOf(PieceRefusal refusal) {
    return refusal == PieceRefusal::Unknown
               ? "the hub does not have the bundle; give it the file, then order again"
               : "the hub's bundle is shorter than the order says; correct the order";
}

}  // namespace

Duration bundleMoment(const std::string& gateway, const std::string& sha256) {
    const auto digest = crypto::sha256(asBytes("camgate-bundle-v1\n" + gateway + "\n" + sha256));
    std::uint64_t number = 0;
    for (std::size_t i = 0; i < 4; ++i) number = number << 8U | digest.at(i);
    return std::chrono::milliseconds(number % static_cast<std::uint64_t>(kSpread.count()));
}

std::uint64_t bundleWindow_bytes(std::uint64_t line_bytes_per_s, Duration round_trip) {
    const auto time = std::chrono::duration_cast<std::chrono::milliseconds>(round_trip + kBundleWindowSlack);
    return std::clamp(line_bytes_per_s * static_cast<std::uint64_t>(time.count()) / 1000, kLeastWindow_bytes,
                      kMostWindow_bytes);
}

BundlePull::BundlePull(EventLoop& loop, Channel& control, RefusalCounts& refused, FirmwareUpdates* updates,
                       std::string gateway)
    : loop_(loop),
      control_(control),
      refused_(refused),
      updates_(updates),
      gateway_(std::move(gateway)),
      request_(anyRequest()) {}

std::optional<WantedBundle> BundlePull::wanted() const {
    return updates_ != nullptr ? updates_->wantedBundle() : std::nullopt;
}

void BundlePull::forgetRequest() {
    timer_.cancel();
    asked_.reset();
}

void BundlePull::begin() {
    forgetRequest();
    // Not inside the call that says so.
    nextAfter(Duration::zero());
}

void BundlePull::nextAfter(Duration wait) {
    timer_ = loop_.runAfter(wait, [this] { next(); });
}

void BundlePull::next() {
    const auto bundle = wanted();
    if (!bundle) {
        sha256_.clear();
        return forgetRequest();
    }
    const BootTime now = loop_.clock().bootNow();
    if (std::exchange(sha256_, bundle->sha256) != bundle->sha256) {
        // A start of the daemon does not begin the wait anew, a wrong clock does not prolong it.
        const Duration moment = bundleMoment(gateway_, bundle->sha256);
        const Duration waited = std::max(loop_.clock().wallNow().time - bundle->since, Duration::zero());
        start_ = now + std::max(moment - waited, Duration::zero());
        waits_ = false;
    }
    if (asked_ || unwritten_ > 0 || !control_.up() || bundle->have_bytes >= bundle->bytes) return;
    const BootTime due = std::max(line_free_at_, bundle->have_bytes == 0 ? start_ : BootTime());
    if (due > now) return nextAfter(due - now);
    ask(*bundle);
}

void BundlePull::ask(const WantedBundle& bundle) {
    const std::uint64_t window = bundleWindow_bytes(control_.line().bytesPerSecond(), control_.roundTrip());
    const ByteRange range{bundle.have_bytes, std::min(bundle.have_bytes + window, bundle.bytes)};
    HubMessage message;
    message.topic = topicSuffix(Topic::UpdateWanted, {bundle.sha256});
    message.payload = payloadOf(wantedJson({request_ + 1, {range}}));
    message.content_type = "application/json";
    message.expiry_s = static_cast<std::uint32_t>(kAskAgain / std::chrono::seconds(1));
    if (!control_.publish(std::move(message), {})) return nextAfter(kNoRoom);
    asked_ = Asked{++request_, range.to};
    line_free_at_ = std::max(line_free_at_, loop_.clock().bootNow());
    expectPiece();
}

void BundlePull::expectPiece() {
    timer_ = loop_.runAfter(kAskAgain, [this] {
        if (!std::exchange(waits_, true))
            logEvent(LogLevel::Warning, "uplink", "bundle-not-coming", {{"sha256", sha256_}});
        asked_.reset();
        next();
    });
}

void BundlePull::onPiece(const std::string& sha256, const HubMessage& message) {
    charge(message);
    const auto piece = parsePiece(message.payload);
    if (!piece) return drop("bad-piece", piece.error().context);
    const auto bundle = wanted();
    if (!bundle || bundle->sha256 != sha256) return drop("other-piece", "of a bundle that is not wanted");
    if (!asked_ || piece->request != asked_->request) return drop("late-piece", "of an earlier request");
    if (piece->refusal) {
        forgetRequest();
        return updates_->undeliverable(Error{ErrorKind::NotFound, 0, wordsOf(*piece->refusal)});
    }
    // By one that is out of order another was lost: that one is asked for again.
    if (piece->offset_bytes != bundle->have_bytes)
        return drop("unasked-piece", "does not follow what is here");
    const std::uint64_t end = piece->offset_bytes + piece->bytes.size();
    if (end > asked_->to) return drop("unasked-piece", "longer than what was asked for");
    if (end < asked_->to && piece->bytes.size() < kShortestPiece_bytes)
        return drop("bad-piece", "short, and more follows");
    take(*piece);
}

void BundlePull::take(const Piece& piece) {
    waits_ = false;
    if (piece.offset_bytes + piece.bytes.size() == asked_->to) {
        forgetRequest();
    } else {
        expectPiece();
    }
    ++unwritten_;
    updates_->deliver(piece.offset_bytes, Bytes(piece.bytes.begin(), piece.bytes.end()),
                      lifeline_.guard([this](const Status&) { onWritten(); }));
}

/// Or not: what cannot be written ends the update, and nothing is wanted then.
void BundlePull::onWritten() {
    --unwritten_;
    if (!asked_) next();
}

/// Also what is dropped came over the line.
void BundlePull::charge(const HubMessage& message) {
    const BootTime now = loop_.clock().bootNow();
    const std::uint64_t wire_bytes = wireBytes(message.topic.size() + message.payload.size());
    const std::uint64_t pace = std::max<std::uint64_t>(control_.line().bytesPerSecond() / 2, 1);
    const Duration cost = timeOnLine(wire_bytes, pace);
    if (!asked_) line_free_at_ = std::max(line_free_at_, now);
    // No flood holds it up for longer than silence does.
    line_free_at_ = std::min(line_free_at_ + cost, std::max(line_free_at_, now + kAskAgain));
}

void BundlePull::drop(std::string_view reason, const std::string& what) {
    refused_.add(reason);
    logEvent(LogLevel::Warning, "uplink", "piece-dropped", {{"reason", reason}, {"what", what}});
}

}  // namespace camgate::uplink
