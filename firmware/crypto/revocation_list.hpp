// An authority's list of certificates that are not to be believed any more (X.509 CRL version 2, RFC 5280
// section 5): what a broker reads to shut a client out. ECDSA over SHA-256. One thread (see PrivateKey).
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/clock.hpp"
#include "crypto/identity.hpp"

namespace camgate::crypto {

struct RevokedCertificate {
    std::string serial;  ///< lower-case hex
    WallTime at;

    friend bool operator==(const RevokedCertificate&, const RevokedCertificate&) = default;
};

/// Times in whole seconds.
struct RevocationList {
    std::uint64_t number = 0;  ///< higher than that of each list before; not read back
    WallTime from;
    WallTime to;  ///< by then there is a newer one: a reader believes no certificate beyond it
    std::vector<RevokedCertificate> revoked = {};
};

/// PEM. InvalidArgument: a serial that is none, or a list that ends before it begins.
[[nodiscard]] Result<std::string> signRevocationList(const RevocationList& list, const Identity& issuer);

/// Reads one without asking who signed it. InvalidArgument: it is none.
[[nodiscard]] Result<RevocationList> readRevocationList(const std::string& pem);

}  // namespace camgate::crypto
