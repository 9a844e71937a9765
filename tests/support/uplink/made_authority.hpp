// An authority made for one test, that issues, and signs trust documents. Header-only.
#pragma once

#include "base/wall_text.hpp"
#include "crypto/certificate_issuer.hpp"
#include "uplink/certificate_bundle.hpp"
#include "uplink/trust.hpp"

namespace camgate::test {

class MadeAuthority {
  public:
    explicit MadeAuthority(WallTime at = parseWallTime("2030-01-01T12:00:00Z").value(),
                           std::chrono::hours lifetime = std::chrono::hours(24))
        : at_(at),
          lifetime_(lifetime),
          pem_(crypto::CertificateIssuer::selfSign(draft(crypto::CertificateRole::Root, "Root"), key_)
                   .value()),
          identity_(crypto::Identity::fromPem(key_.toPem().value(), pem_).value()) {}

    const std::string& pem() const { return pem_; }
    const crypto::Identity& identity() const { return identity_; }

    crypto::CertificateDraft draft(crypto::CertificateRole role, const std::string& name) const {
        return {role, name, crypto::newSerial().value(), at_ - std::chrono::hours(1), at_ + lifetime_, {}};
    }
    std::string issue(crypto::CertificateRole role, const std::string& name,
                      const crypto::PrivateKey& key) const {
        const auto wish = crypto::CertificateRequest::make(key, name).value();
        return crypto::CertificateIssuer::issue(draft(role, name),
                                                crypto::CertificateRequest::fromPem(wish).value(), identity_)
            .value();
    }
    uplink::CertificateBundle certify(const uplink::EnrolmentRequest& request) const {
        uplink::CertificateBundle bundle{request.gateway, pem_, {}};
        for (const auto role : uplink::kGatewayRoles)
            bundle.of(role) =
                crypto::CertificateIssuer::issue(draft(role, request.gateway), request.of(role), identity_)
                    .value();
        return bundle;
    }
    std::string trust(const uplink::Trust& trust) const { return signTrust(trust, identity_).value(); }

  private:
    WallTime at_;
    std::chrono::hours lifetime_;
    crypto::PrivateKey key_ = crypto::PrivateKey::generate().value();
    std::string pem_;
    crypto::Identity identity_;
};

}  // namespace camgate::test
