#include "tools/hub/bundle_desk.hpp"

#include <algorithm>

#include "base/log.hpp"
#include "tools/hub/topics.hpp"

namespace camgate::hub {

using uplink::Piece;
using uplink::PieceRefusal;
using uplink::Wanted;

namespace {

constexpr std::uint64_t kMostBytes = uplink::kLongestPiece_bytes - uplink::kPieceHeader_bytes;
/// Others of the process's work waits meanwhile.
constexpr int kMostPerTurn = 8;
constexpr std::uint64_t kNanosecondsPerSecond = 1'000'000'000;

}  // namespace

Status BundleDesk::take(const std::string& gateway, const std::string& sha256, ByteView message) {
    auto wanted = uplink::parseWanted(message);
    if (!wanted) return std::unexpected(wanted.error());
    const ShelvedBundle* bundle = shelf_.find(sha256);
    if (bundle == nullptr) return refuse(gateway, sha256, *wanted, PieceRefusal::Unknown), Status();
    const auto beyond = [bundle](const uplink::ByteRange& range) { return range.to > bundle->bytes; };
    if (std::ranges::any_of(wanted->missing, beyond))
        return refuse(gateway, sha256, *wanted, PieceRefusal::BeyondEnd), Status();
    const bool waits = wants_.contains(gateway);
    if (!waits && wants_.size() >= kMostWaiting)
        return fail(ErrorKind::Unavailable, "too many gateways wait for bundles");
    wants_[gateway] = {sha256, std::move(*wanted), kMostAtOnce_bytes, clock_.bootNow()};
    if (!waits) turns_.push_back(gateway);
    return {};
}

void BundleDesk::refuse(const std::string& gateway, const std::string& sha256, const Wanted& wanted,
                        PieceRefusal why) {
    logEvent(LogLevel::Warning, "hub", "bundle-refused", {{"gateway", gateway}, {"sha256", sha256}});
    send(gateway, sha256, {wanted.request, wanted.missing.front().from, why, {}});
}

Duration BundleDesk::sendDue(Duration longest) {
    for (int sent = 0; !turns_.empty(); ++sent) {
        if (sent == kMostPerTurn) return Duration::zero();
        const Duration wait = free_at_ - clock_.bootNow();
        if (wait > Duration::zero()) return std::min(wait, longest);
        const std::string gateway = std::move(turns_.front());
        turns_.pop_front();
        const auto found = wants_.find(gateway);
        const bool old = clock_.bootNow() - found->second.since >= kGoodFor;
        if (!old) sendPiece(gateway, found->second);
        if (old || found->second.wanted.missing.empty()) {
            wants_.erase(found);
        } else {
            turns_.push_back(gateway);
        }
    }
    return longest;
}

void BundleDesk::sendPiece(const std::string& gateway, Want& want) {
    uplink::ByteRange& range = want.wanted.missing.front();
    const std::uint64_t size = std::min({range.to - range.from, kMostBytes, want.left_bytes});
    Bytes bytes(static_cast<std::size_t>(size));
    if (auto read = shelf_.read(want.sha256, range.from, bytes); !read) {
        logEvent(LogLevel::Warning, "hub", "bundle-unreadable",
                 {{"sha256", want.sha256}, {"why", read.error()}});
        return want.wanted.missing.clear();
    }
    send(gateway, want.sha256, {want.wanted.request, range.from, {}, bytes});
    const Duration cost(static_cast<std::int64_t>(size * kNanosecondsPerSecond / pace_bytes_per_s_));
    free_at_ = std::max(free_at_, clock_.bootNow()) + cost;
    range.from += size;
    want.left_bytes -= size;
    if (range.from == range.to) want.wanted.missing.erase(want.wanted.missing.begin());
    if (want.left_bytes == 0) want.wanted.missing.clear();
}

void BundleDesk::send(const std::string& gateway, const std::string& sha256, const Piece& piece) {
    const Bytes message = uplink::pieceMessage(piece);
    send_(downTopic(gateway, "update/" + sha256 + "/piece"), std::string(asText(message)));
}

}  // namespace camgate::hub
