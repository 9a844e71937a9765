#include "crypto/aead.hpp"

#include <mbedtls/chachapoly.h>

#include <algorithm>

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
    Bytes sealed(plain.begin(), plain.end());
    const auto tag = aeadSealInPlace(key, nonce, clear, sealed);
    if (!tag) return std::unexpected(tag.error());
    sealed.insert(sealed.end(), tag->begin(), tag->end());
    return sealed;
}

Result<Bytes> aeadOpen(const AeadKey& key, const AeadNonce& nonce, ByteView clear, ByteView sealed) {
    if (sealed.size() < kAeadTag_bytes)
        return fail(ErrorKind::Corruption, "sealed bytes shorter than their tag");
    const ByteView text = sealed.first(sealed.size() - kAeadTag_bytes);
    AeadTag tag{};
    std::ranges::copy(sealed.last(kAeadTag_bytes), tag.begin());
    Bytes plain(text.begin(), text.end());
    if (auto opened = aeadOpenInPlace(key, nonce, clear, plain, tag); !opened)
        return std::unexpected(opened.error());
    return plain;
}

Result<AeadTag> aeadSealInPlace(const AeadKey& key, const AeadNonce& nonce, ByteView clear,
                                std::span<std::uint8_t> text) {
    Context context(key);
    AeadTag tag{};
    int code = context.code();
    if (code == 0) {
        code = mbedtls_chachapoly_encrypt_and_tag(context.get(), text.size(), nonce.data(), clear.data(),
                                                  clear.size(), text.data(), text.data(), tag.data());
    }
    if (code != 0) return failMbedtls(ErrorKind::Internal, code, "sealing");
    return tag;
}

Status aeadOpenInPlace(const AeadKey& key, const AeadNonce& nonce, ByteView clear,
                       std::span<std::uint8_t> text, const AeadTag& tag) {
    Context context(key);
    int code = context.code();
    if (code == 0) {
        code = mbedtls_chachapoly_auth_decrypt(context.get(), text.size(), nonce.data(), clear.data(),
                                               clear.size(), tag.data(), text.data(), text.data());
    }
    if (code != 0) return failMbedtls(ErrorKind::Corruption, code, "opening sealed bytes");
    return {};
}

}  // namespace camgate::crypto
