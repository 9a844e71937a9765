#include "app/secret_door.hpp"

namespace camgate::app {

void SecretDoor::takeSecret(const uplink::SecretOrder& order, std::function<void(Status)> done) {
    if (!unwrap_)
        return done(fail(ErrorKind::PermissionDenied, "not enrolled: this gateway has no unwrap key"));
    if (order.sealed.to != unwrap_->fingerprint)
        return done(
            fail(ErrorKind::Corruption, "sealed to another key than the one that config/reported names"));
    const auto value = evidence::openSecret(unwrap_->key, gateway_, order.name, order.sealed);
    if (!value) return done(std::unexpected(value.error()));
    // The command leaves an audit entry of its own, with its signer.
    desk_.setSecret(order.name, *value, "", std::move(done));
}

}  // namespace camgate::app
