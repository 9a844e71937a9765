// Who keeps the passwords that the hub sets; app/ implements it. Loop thread only. Implements
// docs/ref/mqtt.md (secret.set).
#pragma once

#include <functional>
#include <string>

#include "evidence/sealed_secret.hpp"

namespace camgate::uplink {

struct SecretOrder {
    std::string name;  ///< of the setting, for example "cameras/gate/password"
    evidence::SealedSecret sealed;
};

class SecretOwner {
  public:
    virtual ~SecretOwner() = default;
    /// `done` once it is durable and in use, or with PermissionDenied: this gateway has no unwrap key;
    /// Corruption: it is sealed to another; NotFound: no setting takes it; FailedPrecondition: not now.
    virtual void takeSecret(const SecretOrder& order, std::function<void(Status)> done) = 0;
};

}  // namespace camgate::uplink
