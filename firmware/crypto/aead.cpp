#include "crypto/aead.hpp"

#include <mbedtls/chachapoly.h>

#include "crypto/mbedtls_error.hpp"

namespace camgate::crypto {
namespace {

class Context {
  public:
    explicit Context(const AeadKey& key) {
        mbedtls_chachapoly_init(&context_);
        code_ = mbedtls_chachapoly_setkey(&context_, key.data());
    }
    Context(const Context&) = delete;
    Context& operator=(const Context&) = delete;
    ~Context() { mbedtls_chachapoly_free(&context_); }
    int code() const { return code_; }
    mbedtls_chachapoly_context* get() { return &context_; }

  private:
    mbedtls_chachapoly_context context_{};
    int code_ = 0;
};

}  // namespace

Result<Bytes> aeadSeal(const AeadKey& key, const AeadNonce& nonce, ByteView clear, ByteView plain) {
    Context context(key);
    Bytes sealed(plain.size() + kAeadTag_bytes);
    int code = context.code();
    if (code == 0) {
        code = mbedtls_chachapoly_encrypt_and_tag(context.get(), plain.size(), nonce.data(), clear.data(),
                                                  clear.size(), plain.data(), sealed.data(),
                                                  sealed.data() + plain.size());
    }
    if (code != 0) return failMbedtls(ErrorKind::Internal, code, "sealing");
    return sealed;
}

Result<Bytes> aeadOpen(const AeadKey& key, const AeadNonce& nonce, ByteView clear, ByteView sealed) {
    if (sealed.size() < kAeadTag_bytes)
        return fail(ErrorKind::Corruption, "sealed bytes shorter than their tag");
    Context context(key);
    const std::size_t length = sealed.size() - kAeadTag_bytes;
    Bytes plain(length);
    int code = context.code();
    if (code == 0) {
        code =
            mbedtls_chachapoly_auth_decrypt(context.get(), length, nonce.data(), clear.data(), clear.size(),
                                            sealed.data() + length, sealed.data(), plain.data());
    }
    if (code != 0) return failMbedtls(ErrorKind::Corruption, code, "opening sealed bytes");
    return plain;
}

}  // namespace camgate::crypto
