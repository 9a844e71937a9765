#include "crypto/password_hash.hpp"

#include <mbedtls/md.h>
#include <mbedtls/pkcs5.h>

#include <cstdlib>

namespace camgate::crypto {

Digest passwordHash(std::string_view password, ByteView salt) {
    constexpr unsigned kRounds = 20'000;
    Digest digest{};
    mbedtls_md_context_t context;
    mbedtls_md_init(&context);
    // Fails only for want of memory; a wrong hash must not go on from here.
    const bool done = mbedtls_md_setup(&context, mbedtls_md_info_from_type(MBEDTLS_MD_SHA256), 1) == 0 &&
                      mbedtls_pkcs5_pbkdf2_hmac(
                          &context, asBytes(password).data(), password.size(), salt.data(), salt.size(),
                          kRounds, static_cast<std::uint32_t>(digest.size()), digest.data()) == 0;
    mbedtls_md_free(&context);
    if (!done) std::abort();
    return digest;
}

}  // namespace camgate::crypto
