// Makes X.509 certificates: an authority's own and those that it signs. Version 3, ECDSA over SHA-256,
// subject and authority key identifiers. One thread (see PrivateKey).
#pragma once

#include <array>
#include <string>
#include <vector>

#include "base/clock.hpp"
#include "crypto/certificate_request.hpp"
#include "crypto/certificate_role.hpp"
#include "crypto/identity.hpp"

namespace camgate::crypto {

/// Positive, never zero; as hex it has 32 digits.
using Serial = std::array<std::uint8_t, 16>;
[[nodiscard]] Result<Serial> newSerial();

struct CertificateDraft {
    CertificateRole role = CertificateRole::Transport;
    std::string common_name;  ///< a plain name
    Serial serial{};
    WallTime from;
    WallTime to;
    std::vector<std::string> addresses = {};  ///< DNS names and IPv4 addresses, of a broker
};

class CertificateIssuer {
  public:
    /// PEM. InvalidArgument: a name, an address or dates that make no certificate.
    [[nodiscard]] static Result<std::string> selfSign(const CertificateDraft& draft, const PrivateKey& key);
    /// The same for the request's key; the draft's name counts. FailedPrecondition: `issuer` ends before
    /// `to`.
    [[nodiscard]] static Result<std::string> issue(const CertificateDraft& draft,
                                                   const CertificateRequest& request, const Identity& issuer);
};

}  // namespace camgate::crypto
