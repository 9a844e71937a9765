// Where the secret comes from that wraps the keys of sealed footage: a file on another medium, one-time
// programmable memory of the chip, a TPM. One thread at a time.
#pragma once

#include <array>
#include <cstdint>
#include <string_view>

#include "base/result.hpp"

namespace camgate::crypto {

using SourceSecret = std::array<std::uint8_t, 32>;

class KeySource {
  public:
    virtual ~KeySource() = default;
    /// "key file", "OTP", "TPM": as status and manifests name it.
    virtual std::string_view name() const = 0;
    /// Whoever gets it wipes it. NotFound: none was made yet; PermissionDenied: it is there and is not given
    /// out; Corruption: it is damaged.
    [[nodiscard]] virtual Result<SourceSecret> secret() = 0;
    /// Makes a random one, durable when this returns. FailedPrecondition: there is one.
    [[nodiscard]] virtual Status create() = 0;
};

}  // namespace camgate::crypto
