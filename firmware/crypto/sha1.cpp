#include "crypto/sha1.hpp"

#include <mbedtls/sha1.h>

#include <cstdlib>

namespace camgate::crypto {

std::array<std::uint8_t, 20> sha1(ByteView bytes) {
    std::array<std::uint8_t, 20> digest{};
    // Only hardware engines can fail, and the packaged library has none.
    if (mbedtls_sha1_ret(bytes.data(), bytes.size(), digest.data()) != 0) std::abort();
    return digest;
}

}  // namespace camgate::crypto
