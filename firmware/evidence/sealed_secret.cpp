#include "evidence/sealed_secret.hpp"

namespace camgate::evidence {
namespace {

/// Values are filled up with zero bytes to a multiple of this.
constexpr std::size_t kBlock_bytes = 64;

std::string secretInfo(std::string_view gateway, std::string_view name) {
    return "camgate-secret-v1\n" + std::string(gateway) + "\n" + std::string(name);
}

}  // namespace

Result<SealedSecret> sealSecret(const DeliveryKey& gateway_key, std::string_view gateway,
                                std::string_view name, std::string_view value) {
    if (value.find('\0') != std::string_view::npos)
        return fail(ErrorKind::InvalidArgument, "a secret has no NUL in it");
    const auto ephemeral = crypto::AgreementKey::generate();
    if (!ephemeral) return passOn(ephemeral.error(), "sealing a secret");
    const auto context =
        crypto::HpkeContext::toReceiver(gateway_key.point, asBytes(secretInfo(gateway, name)), *ephemeral);
    if (!context) return passOn(context.error(), "sealing a secret");
    std::string filled(value);
    filled.resize((value.size() / kBlock_bytes + 1) * kBlock_bytes, '\0');
    auto sealed = context->seal(0, {}, asBytes(filled));
    if (!sealed) return passOn(sealed.error(), "sealing a secret");
    return SealedSecret{gateway_key.fingerprint, ephemeral->publicPoint(), std::move(*sealed)};
}

Result<std::string> openSecret(const crypto::AgreementKey& gateway_key, std::string_view gateway,
                               std::string_view name, const SealedSecret& sealed) {
    const auto context =
        crypto::HpkeContext::ofReceiver(gateway_key, asBytes(secretInfo(gateway, name)), sealed.ephemeral);
    if (!context) return fail(ErrorKind::Corruption, context.error().context);
    const auto filled = context->open(0, {}, sealed.bytes);
    if (!filled) return std::unexpected(filled.error());
    const std::string_view text = asText(*filled);
    return std::string(text.substr(0, text.find('\0')));
}

}  // namespace camgate::evidence
