// Passwords that the hub sends: opened with the unwrap key, then kept like those that are typed at the
// console. Loop thread only. Implements docs/ref/mqtt.md (secret.set).
#pragma once

#include <memory>
#include <string>

#include "app/config_desk.hpp"
#include "app/credentials.hpp"
#include "uplink/secret_owner.hpp"

namespace camgate::app {

class SecretDoor final : public uplink::SecretOwner {
  public:
    /// No `unwrap`: every secret is refused. `desk` outlives it.
    SecretDoor(ConfigDesk& desk, std::shared_ptr<const UnwrapCredentials> unwrap, std::string gateway)
        : desk_(desk), unwrap_(std::move(unwrap)), gateway_(std::move(gateway)) {}

    void takeSecret(const uplink::SecretOrder& order, std::function<void(Status)> done) override;

  private:
    ConfigDesk& desk_;
    std::shared_ptr<const UnwrapCredentials> unwrap_;
    std::string gateway_;
};

}  // namespace camgate::app
