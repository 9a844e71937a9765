// The hub's word that it had a checkpoint at a time: what anchors footage outside of the gateway that holds
// it. Signed with a key of the purpose `countersign`. Values; signing and verifying: one thread. Implements
// docs/ref/evidence.md (Countersignature).
#pragma once

#include <string>
#include <string_view>

#include "base/clock.hpp"
#include "crypto/identity.hpp"

namespace camgate::evidence {

struct Countersignature {
    std::string hub;  ///< common name of the certificate that signs
    std::string gateway;
    crypto::Digest checkpoint{};  ///< of the checkpoint's exact bytes
    WallTime received;            ///< by the hub's clock
    bool operator==(const Countersignature&) const = default;
};

constexpr std::size_t kMaxCountersignature_bytes = 4096;

/// FailedPrecondition: `hub` is not the certificate's name.
[[nodiscard]] Result<std::string> signCountersignature(const Countersignature& countersignature,
                                                       const crypto::Identity& signer);

/// PermissionDenied: not signed with the purpose `countersign` under `authority`; InvalidArgument: none.
[[nodiscard]] Result<Countersignature> verifyCountersignature(std::string_view signed_text,
                                                              const crypto::Certificate& authority,
                                                              WallTime at);
/// The certificate must have been valid when it says that it received the checkpoint: for a gateway, whose
/// own clock may not know.
[[nodiscard]] Result<Countersignature> verifyCountersignatureAsOfThen(std::string_view signed_text,
                                                                      const crypto::Certificate& authority);

}  // namespace camgate::evidence
