#include "tools/hub/ca/revocation_lists.hpp"

namespace camgate::hub {
namespace {

constexpr std::string_view kIssuing = "issuing";

std::string issuingListFile(const std::string& folder) {
    return folder + "/issuing.crl";
}

/// Of authorities, or of all others. What has ended is left out once no list names it as its newest word.
std::vector<crypto::RevokedCertificate> listedAsRevoked(const CaLedger& ledger, bool authorities,
                                                        WallTime now) {
    std::vector<crypto::RevokedCertificate> revoked;
    for (const auto& one : ledger.certificates()) {
        if (one.revoked && (one.role == kIssuing) == authorities && one.to + RevocationLists::kLifetime > now)
            revoked.push_back({one.serial, *one.revoked});
    }
    return revoked;
}

}  // namespace

Result<std::vector<RevocationLists::Written>> RevocationLists::write(const Authority& authority) {
    const WallTime now = clock_.wallNow().time;
    std::vector<Written> all;
    auto issuing = writeOne(issuingListFile(folder_), authority.issuer(),
                            listedAsRevoked(authority.ledger(), false, now));
    if (!issuing) return std::unexpected(issuing.error());
    all.push_back(std::move(*issuing));
    if (!files_.exists(rootKeyFile(folder_))) return all;
    const auto key = readTextFile(files_, rootKeyFile(folder_));
    if (!key) return std::unexpected(key.error());
    const auto root = crypto::Identity::fromPem(*key, authority.rootPem());
    if (!root) return passOn(root.error(), rootKeyFile(folder_));
    auto above = writeOne(folder_ + "/root.crl", *root, listedAsRevoked(authority.ledger(), true, now));
    if (!above) return std::unexpected(above.error());
    all.push_back(std::move(*above));
    return all;
}

Result<RevocationLists::Written> RevocationLists::writeOne(const std::string& path,
                                                           const crypto::Identity& issuer,
                                                           std::vector<crypto::RevokedCertificate> revoked) {
    using namespace std::chrono;
    const WallTime now = clock_.wallNow().time;
    const auto number = duration_cast<milliseconds>(now.time_since_epoch()).count();
    const WallTime from = floor<seconds>(now - kBackdated);
    const crypto::RevocationList list{static_cast<std::uint64_t>(number), from, from + kLifetime,
                                      std::move(revoked)};
    const auto pem = crypto::signRevocationList(list, issuer);
    if (!pem) return std::unexpected(pem.error());
    if (auto kept = replaceFile(files_, path, *pem); !kept) return std::unexpected(kept.error());
    return Written{path, list.revoked.size(), list.to};
}

Status RevocationLists::keep(const Authority& authority) {
    if (isFresh()) return {};
    const auto written = write(authority);
    return written ? Status() : std::unexpected(written.error());
}

bool RevocationLists::isFresh() const {
    const auto pem = readTextFile(files_, issuingListFile(folder_));
    const auto list = pem ? crypto::readRevocationList(*pem) : std::unexpected(pem.error());
    const WallTime now = clock_.wallNow().time;
    // One of the future was made by a clock that was wrong.
    return list && list->from <= now && now - list->from < kRenewed;
}

}  // namespace camgate::hub
