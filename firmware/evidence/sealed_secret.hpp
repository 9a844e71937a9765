// A password on its way from the hub to one gateway: sealed to that gateway's unwrap key, so that whoever
// carries it (broker, bridge, a log of envelopes) learns neither it nor its exact length. Any thread, one at
// a time. Implements docs/ref/mqtt.md (Sealed to the gateway).
#pragma once

#include <string>
#include <string_view>

#include "evidence/sealed_delivery.hpp"

namespace camgate::evidence {

struct SealedSecret {
    std::string to;  ///< fingerprint of the unwrap certificate
    crypto::PublicPoint ephemeral{};
    Bytes bytes;
};

/// `name`: of the setting it is for; sealed for another gateway or setting it does not open. InvalidArgument:
/// a NUL in it.
[[nodiscard]] Result<SealedSecret> sealSecret(const DeliveryKey& gateway_key, std::string_view gateway,
                                              std::string_view name, std::string_view value);
/// Corruption: not sealed to this key, for this gateway and name.
[[nodiscard]] Result<std::string> openSecret(const crypto::AgreementKey& gateway_key,
                                             std::string_view gateway, std::string_view name,
                                             const SealedSecret& sealed);

}  // namespace camgate::evidence
