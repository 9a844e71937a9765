#include "crypto/hpke.hpp"

#include <algorithm>

#include "crypto/hpke_kdf.hpp"
#include "crypto/wipe.hpp"

namespace camgate::crypto {
namespace {

constexpr std::uint8_t kModeBase = 0;

/// ExtractAndExpand of RFC 9180, 4.1.
Result<Bytes> sharedSecret(SharedSecret& agreed, const PublicPoint& ephemeral, const PublicPoint& receiver) {
    auto key = labeledExtract(kHpkeKem, {}, "eae_prk", agreed);
    wipe(agreed);
    if (!key) return std::unexpected(key.error());
    Bytes both(ephemeral.begin(), ephemeral.end());
    both.insert(both.end(), receiver.begin(), receiver.end());
    auto shared = labeledExpand(kHpkeKem, *key, "shared_secret", both, sizeof(SharedSecret));
    wipe(*key);
    return shared;
}

/// The key schedule's context: mode, hash of no pre-shared key's id, hash of the info.
Result<Bytes> scheduleContext(ByteView info) {
    const auto no_id = labeledExtract(kHpkeSuite, {}, "psk_id_hash", {});
    if (!no_id) return std::unexpected(no_id.error());
    const auto info_hash = labeledExtract(kHpkeSuite, {}, "info_hash", info);
    if (!info_hash) return std::unexpected(info_hash.error());
    Bytes context{kModeBase};
    context.insert(context.end(), no_id->begin(), no_id->end());
    context.insert(context.end(), info_hash->begin(), info_hash->end());
    return context;
}

Status expandInto(const Digest& secret, std::string_view label, ByteView context,
                  std::span<std::uint8_t> into) {
    auto bytes = labeledExpand(kHpkeSuite, secret, label, context, into.size());
    if (!bytes) return std::unexpected(bytes.error());
    std::ranges::copy(*bytes, into.begin());
    wipe(*bytes);
    return {};
}

}  // namespace

HpkeContext::~HpkeContext() {
    wipe(key_);
}

Result<HpkeContext> HpkeContext::toReceiver(const PublicPoint& receiver, ByteView info,
                                            const AgreementKey& ephemeral) {
    auto agreed = ephemeral.agree(receiver);
    if (!agreed) return std::unexpected(agreed.error());
    return fromShared(*agreed, ephemeral.publicPoint(), receiver, info);
}

Result<HpkeContext> HpkeContext::ofReceiver(const AgreementKey& receiver, ByteView info,
                                            const PublicPoint& ephemeral) {
    auto agreed = receiver.agree(ephemeral);
    if (!agreed) return std::unexpected(agreed.error());
    return fromShared(*agreed, ephemeral, receiver.publicPoint(), info);
}

Result<HpkeContext> HpkeContext::fromShared(SharedSecret& agreed, const PublicPoint& ephemeral,
                                            const PublicPoint& receiver, ByteView info) {
    auto shared = sharedSecret(agreed, ephemeral, receiver);
    if (!shared) return std::unexpected(shared.error());
    const auto context = scheduleContext(info);
    if (!context) return std::unexpected(context.error());
    auto secret = labeledExtract(kHpkeSuite, *shared, "secret", {});
    wipe(*shared);
    if (!secret) return std::unexpected(secret.error());
    HpkeContext made;
    Status done = expandInto(*secret, "key", *context, made.key_);
    if (done) done = expandInto(*secret, "base_nonce", *context, made.base_nonce_);
    wipe(*secret);
    if (!done) return std::unexpected(done.error());
    return made;
}

Result<Bytes> HpkeContext::seal(std::uint64_t number, ByteView clear, ByteView plain) const {
    return aeadSeal(key_, nonceOf(number), clear, plain);
}

Result<Bytes> HpkeContext::open(std::uint64_t number, ByteView clear, ByteView sealed) const {
    return aeadOpen(key_, nonceOf(number), clear, sealed);
}

AeadNonce HpkeContext::nonceOf(std::uint64_t number) const {
    AeadNonce nonce = base_nonce_;
    for (std::size_t i = 0; i < sizeof number; ++i) {
        nonce[nonce.size() - 1 - i] ^= static_cast<std::uint8_t>(number >> (8 * i));
    }
    return nonce;
}

}  // namespace camgate::crypto
