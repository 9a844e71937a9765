// What a gateway hands in to be certified: one request for each of its three keys, tied together by the
// transport key, and the proof that it knows the one-time code it was given, or none. The gateway makes it,
// the hub and the authority read it. One thread (see crypto). Implements docs/ref/enrolment.md (Request).
#pragma once

#include <array>
#include <string>
#include <string_view>
#include <vector>

#include "crypto/certificate_request.hpp"
#include "crypto/certificate_role.hpp"

namespace camgate::uplink {

/// In this order everywhere.
inline constexpr std::array kGatewayRoles{crypto::CertificateRole::Transport,
                                          crypto::CertificateRole::Evidence, crypto::CertificateRole::Unwrap};
/// Of one of them, in kGatewayRoles.
std::size_t placeOf(crypto::CertificateRole role);

struct GatewayKeys {
    std::vector<crypto::PrivateKey> keys;  ///< as kGatewayRoles

    [[nodiscard]] static Result<GatewayKeys> generate();
    const crypto::PrivateKey& of(crypto::CertificateRole role) const { return keys.at(placeOf(role)); }
};

struct EnrolmentRequest {
    std::string gateway;
    std::vector<crypto::CertificateRequest> requests;  ///< as kGatewayRoles
    std::string text;                                  ///< the exact JSON that was signed
    std::string proof;                                 ///< base64; empty: none

    const crypto::CertificateRequest& of(crypto::CertificateRole role) const {
        return requests.at(placeOf(role));
    }
};

constexpr std::size_t kLongestRequest_bytes = 16U << 10U;

/// JSON. `code` empty: without proof, for a request that is carried by hand or by a known connection.
[[nodiscard]] Result<std::string> makeEnrolmentRequest(const GatewayKeys& keys, std::string_view gateway,
                                                       std::string_view code);
/// InvalidArgument: no such document; PermissionDenied: a key is not its maker's.
[[nodiscard]] Result<EnrolmentRequest> readEnrolmentRequest(std::string_view text);
/// In a time that does not tell how much of the proof is right.
bool knowsCode(const EnrolmentRequest& request, std::string_view code);

/// 1 to 32 of `a-z 0-9 -`.
bool isGatewayId(std::string_view text);

}  // namespace camgate::uplink
