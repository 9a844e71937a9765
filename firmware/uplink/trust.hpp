// Whom a gateway believes: authorities, the hub's certificates by purpose and what is revoked, one document
// signed by an authority that is believed already. Values; signing and verifying: one thread (see crypto).
// Implements docs/ref/trust.md.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "crypto/identity.hpp"

namespace camgate::uplink {

struct Trust {
    std::uint64_t version = 0;             ///< at least 1; a higher one replaces a lower one
    std::vector<std::string> authorities;  ///< PEM, 1 to 4: what broker and hub are checked against
    std::vector<std::string> hubs;         ///< PEM, each with its intermediates, at most 16
    std::vector<std::string> revoked;      ///< fingerprints, at most 256
    bool operator==(const Trust&) const = default;

    /// All authorities in one: what verifyChain() and a link worker take.
    std::string authorityPem() const;
};

constexpr std::size_t kLongestTrust_bytes = 64U << 10U;

/// InvalidArgument: what no gateway would take.
[[nodiscard]] Result<std::string> signTrust(const Trust& trust, const crypto::Identity& authority);
/// `authorities`: PEM of those that are believed. InvalidArgument: no such document; PermissionDenied: none
/// of them has signed it.
[[nodiscard]] Result<Trust> verifyTrust(std::string_view text, const std::vector<std::string>& authorities);
/// Without a look at the signature: of what was verified before it was kept.
[[nodiscard]] Result<Trust> readVerifiedTrust(std::string_view text);

/// Those of the document's certificates that have the purpose and are not revoked themselves nor by what is
/// behind them.
std::vector<crypto::Certificate> hubsFor(const Trust& trust, crypto::Purpose purpose);
bool isRevoked(const std::vector<std::string>& revoked, const crypto::Certificate& certificate);

}  // namespace camgate::uplink
