#include "crypto/wipe.hpp"

#include <mbedtls/platform_util.h>

namespace camgate::crypto {

void wipe(std::span<std::uint8_t> secret) {
    mbedtls_platform_zeroize(secret.data(), secret.size());
}

}  // namespace camgate::crypto
