#include "evidence/sealed_delivery.hpp"

#include <algorithm>

namespace camgate::evidence {
namespace {

std::string clipInfo(std::string_view clip, std::uint64_t chunk_bytes) {
    return "camgate-clip-v1\n" + std::string(clip) + "\n" + std::to_string(chunk_bytes);
}

std::string pictureInfo(std::string_view gateway, std::string_view of) {
    return "camgate-picture-v1\n" + std::string(gateway) + "\n" + std::string(of);
}

}  // namespace

Result<ClipSealer> ClipSealer::toHub(const DeliveryKey& hub, std::string_view clip, std::uint64_t chunk_bytes,
                                     ByteView seed) {
    const auto ephemeral = crypto::AgreementKey::fromSeed(seed);
    if (!ephemeral) return passOn(ephemeral.error(), "sealing a clip");
    auto context =
        crypto::HpkeContext::toReceiver(hub.point, asBytes(clipInfo(clip, chunk_bytes)), *ephemeral);
    if (!context) return passOn(context.error(), "sealing a clip");
    return ClipSealer(std::move(*context), ephemeral->publicPoint());
}

Result<Bytes> ClipSealer::seal(std::uint32_t chunk, ByteView header, ByteView bytes) const {
    return context_.seal(chunk, header, bytes);
}

Result<crypto::HpkeContext> clipOpener(const crypto::AgreementKey& hub, std::string_view clip,
                                       std::uint64_t chunk_bytes, const crypto::PublicPoint& ephemeral) {
    return crypto::HpkeContext::ofReceiver(hub, asBytes(clipInfo(clip, chunk_bytes)), ephemeral);
}

Result<SealedPicture> sealPicture(const DeliveryKey& hub, std::string_view gateway, std::string_view of,
                                  ByteView picture) {
    const auto ephemeral = crypto::AgreementKey::generate();
    if (!ephemeral) return passOn(ephemeral.error(), "sealing a picture");
    const auto context =
        crypto::HpkeContext::toReceiver(hub.point, asBytes(pictureInfo(gateway, of)), *ephemeral);
    if (!context) return passOn(context.error(), "sealing a picture");
    auto sealed = context->seal(0, {}, picture);
    if (!sealed) return passOn(sealed.error(), "sealing a picture");
    return SealedPicture{ephemeral->publicPoint(), std::move(*sealed)};
}

Result<Bytes> openPicture(const crypto::AgreementKey& hub, std::string_view gateway, std::string_view of,
                          const SealedPicture& sealed) {
    const auto context =
        crypto::HpkeContext::ofReceiver(hub, asBytes(pictureInfo(gateway, of)), sealed.ephemeral);
    if (!context) return std::unexpected(context.error());
    return context->open(0, {}, sealed.bytes);
}

Result<crypto::PublicPoint> pointFromBase64(std::string_view text) {
    const auto bytes = fromBase64(text);
    crypto::PublicPoint point{};
    if (!bytes || bytes->size() != point.size())
        return fail(ErrorKind::InvalidArgument, "not a point of 65 bytes in base64");
    std::ranges::copy(*bytes, point.begin());
    return point;
}

}  // namespace camgate::evidence
