#include "tools/hub/ca/renewals.hpp"

#include <algorithm>

#include "base/log.hpp"
#include "base/wall_text.hpp"
#include "tools/hub/ca/code_book.hpp"
#include "tools/hub/ca/revocation_lists.hpp"
#include "uplink/renewal.hpp"

namespace camgate::hub {

Result<std::string> Renewals::answer(const std::string& gateway, const std::string& message) {
    const WallTime now = clock_.wallNow().time;
    auto authority = Authority::open(files_, clock_, folder_);
    if (!authority) return std::unexpected(authority.error());
    const auto root = crypto::Certificate::fromPem(authority->rootPem());
    if (!root) return std::unexpected(root.error());
    const auto word = uplink::verifyRenewal(message, *root, now);
    if (!word) return std::unexpected(word.error());
    const auto request = uplink::readEnrolmentRequest(word->request);
    if (!request) return std::unexpected(request.error());
    if (word->gateway != gateway || request->gateway != gateway)
        return fail(ErrorKind::PermissionDenied,
                    "a renewal of \"" + word->gateway + "\" from \"" + gateway + "\"");
    const bool revoked = std::ranges::any_of(authority->ledger().certificates(), [&](const auto& one) {
        return one.fingerprint == word->signer && one.revoked;
    });
    if (revoked) return fail(ErrorKind::PermissionDenied, "its evidence certificate is revoked");

    return bundleFor(*authority, *request);
}

Result<std::string> Renewals::enrol(const std::string& gateway, const std::string& message) {
    const auto request = uplink::readEnrolmentRequest(message);
    if (!request) return std::unexpected(request.error());
    if (request->gateway != gateway) return fail(ErrorKind::PermissionDenied, "wrong-gateway");
    auto authority = Authority::open(files_, clock_, folder_);
    if (!authority) return std::unexpected(authority.error());
    auto codes = CodeBook::open(folder_);
    if (!codes) return std::unexpected(codes.error());
    if (auto spent = codes->spend(*request, clock_.wallNow().time); !spent)
        return std::unexpected(spent.error());
    return bundleFor(*authority, *request);
}

Result<std::string> Renewals::bundleFor(Authority& authority, const uplink::EnrolmentRequest& request) {
    const WallTime now = clock_.wallNow().time;
    const std::string digest = toHex(crypto::sha256(asBytes(request.text)));
    const auto known = database_.bundle(digest);
    if (!known) return std::unexpected(known.error());
    if (!known->empty()) return *known;
    const auto today = database_.bundlesSince(request.gateway, formatWallTime(now - std::chrono::hours(24)));
    if (!today) return std::unexpected(today.error());
    if (*today >= kMostADay)
        return fail(ErrorKind::FailedPrecondition,
                    "more than " + std::to_string(kMostADay) + " renewals a day");
    const auto made = authority.issueBundle(request, std::chrono::days(0));
    if (!made) return std::unexpected(made.error());
    std::string text = toJson(*made);
    if (auto kept = database_.addBundle(digest, request.gateway, formatWallTime(now), text); !kept)
        return std::unexpected(kept.error());
    if (auto durable = database_.commit(); !durable) return std::unexpected(durable.error());
    return text;
}

void Renewals::tick() {
    constexpr std::chrono::hours kLook{1};
    constexpr std::chrono::minutes kTryAgain{1};
    const BootTime now = clock_.bootNow();
    if (next_look_ && now < *next_look_) return;
    const auto kept = keepLists();
    next_look_ = now + (kept ? Duration(kLook) : Duration(kTryAgain));
    // Somebody is at work with the authority.
    if (kept || kept.error().kind == ErrorKind::FailedPrecondition) return;
    logEvent(LogLevel::Warning, "hub", "revocation-list-not-written", {{"why", kept.error()}});
}

Status Renewals::keepLists() {
    const auto authority = Authority::open(files_, clock_, folder_);
    if (!authority) return std::unexpected(authority.error());
    return RevocationLists(files_, clock_, folder_).keep(*authority);
}

}  // namespace camgate::hub
