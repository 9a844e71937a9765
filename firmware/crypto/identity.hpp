// A private key and the certificate that goes with it: who signs. One thread at a time.
#pragma once

#include <string_view>

#include "crypto/certificate.hpp"
#include "crypto/private_key.hpp"

namespace camgate::crypto {

class Identity {
  public:
    /// InvalidArgument: either is unreadable; FailedPrecondition: they do not belong together.
    [[nodiscard]] static Result<Identity> fromPem(std::string_view key_pem, std::string_view certificate_pem);

    const PrivateKey& key() const { return key_; }
    const Certificate& certificate() const { return certificate_; }

  private:
    Identity(PrivateKey key, Certificate certificate)
        : key_(std::move(key)), certificate_(std::move(certificate)) {}

    PrivateKey key_;
    Certificate certificate_;
};

}  // namespace camgate::crypto
