#include "crypto/hash.hpp"

#include <mbedtls/sha256.h>

#include <algorithm>
#include <cstdlib>

namespace camgate::crypto {
namespace {

/// Only hardware engines can fail, and the packaged library has none; a wrong digest must not go on from
/// here.
void mustSucceed(int code) {
    if (code != 0) std::abort();
}

}  // namespace

void Sha256::Free::operator()(mbedtls_sha256_context* context) const {
    mbedtls_sha256_free(context);
    delete context;
}

Sha256::Sha256() : context_(new mbedtls_sha256_context) {
    mbedtls_sha256_init(context_.get());
    mustSucceed(mbedtls_sha256_starts_ret(context_.get(), 0));
}

Sha256::Sha256(Sha256&&) noexcept = default;
Sha256& Sha256::operator=(Sha256&&) noexcept = default;
Sha256::~Sha256() = default;

void Sha256::update(ByteView bytes) {
    if (bytes.empty()) return;
    mustSucceed(mbedtls_sha256_update_ret(context_.get(), bytes.data(), bytes.size()));
}

Digest Sha256::finish() {
    Digest digest{};
    mustSucceed(mbedtls_sha256_finish_ret(context_.get(), digest.data()));
    return digest;
}

Digest sha256(ByteView bytes) {
    Sha256 hash;
    hash.update(bytes);
    return hash.finish();
}

Result<Digest> digestFromHex(std::string_view text) {
    const auto bytes = fromHex(text);
    if (!bytes || bytes->size() != Digest{}.size()) {
        return fail(ErrorKind::InvalidArgument, "not a SHA-256 of 64 lower-case hex digits");
    }
    Digest digest{};
    std::ranges::copy(*bytes, digest.begin());
    return digest;
}

}  // namespace camgate::crypto
