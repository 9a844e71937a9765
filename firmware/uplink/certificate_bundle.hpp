// What a gateway gets back: the authority it shall trust and a certificate for each of its three keys, good
// only together. One thread (see crypto). Implements docs/ref/enrolment.md (Bundle).
#pragma once

#include <array>
#include <string>
#include <string_view>

#include "base/clock.hpp"
#include "uplink/enrolment_request.hpp"

namespace camgate::uplink {

struct CertificateBundle {
    std::string gateway;
    std::string authority_pem;                                       ///< the root
    std::array<std::string, kGatewayRoles.size()> certificates_pem;  ///< each with its intermediates

    const std::string& of(crypto::CertificateRole role) const { return certificates_pem.at(placeOf(role)); }
    std::string& of(crypto::CertificateRole role) { return certificates_pem.at(placeOf(role)); }
};

constexpr std::size_t kLongestBundle_bytes = 32U << 10U;

std::string toJson(const CertificateBundle& bundle);
/// InvalidArgument: no such document.
[[nodiscard]] Result<CertificateBundle> readCertificateBundle(std::string_view text);
/// Each certificate goes with its key, bears the gateway's id, has its role's use and leads to the authority
/// at `at`. FailedPrecondition or PermissionDenied says which does not.
[[nodiscard]] Status checkBundle(const CertificateBundle& bundle, const GatewayKeys& keys, WallTime at);

}  // namespace camgate::uplink
