// SHA-256, whole or in steps. One thread per object.
#pragma once

#include <array>
#include <cstdint>
#include <memory>

#include "base/bytes.hpp"

struct mbedtls_sha256_context;

namespace camgate::crypto {

using Digest = std::array<std::uint8_t, 32>;

class Sha256 {
  public:
    Sha256();
    Sha256(Sha256&&) noexcept;
    Sha256& operator=(Sha256&&) noexcept;
    ~Sha256();

    void update(ByteView bytes);
    /// Call once; nothing may follow.
    [[nodiscard]] Digest finish();

  private:
    struct Free {
        void operator()(mbedtls_sha256_context* context) const;
    };
    std::unique_ptr<mbedtls_sha256_context, Free> context_;
};

[[nodiscard]] Digest sha256(ByteView bytes);

/// 64 lower-case hex digits, nothing else.
[[nodiscard]] Result<Digest> digestFromHex(std::string_view text);

}  // namespace camgate::crypto
