// What leaves a gateway for the hub's eyes alone: chunks of a clip and single pictures, sealed to the key of
// the hub's receive certificate. Who carries them (broker, bridge) learns their length. Any thread, one at a
// time. Implements docs/ref/mqtt.md (Sealed to the hub).
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "crypto/hpke.hpp"

namespace camgate::evidence {

/// Of the hub's receive certificate.
struct DeliveryKey {
    crypto::PublicPoint point{};
    std::string fingerprint;
};

constexpr std::size_t kSealTag_bytes = 16;

/// The keys of a clip's chunks. One seed and one size of chunks give the same keys: chunk i, sealed again, is
/// the same bytes; chunks of another size never share a key with these.
class ClipSealer {
  public:
    /// `seed`: at least 32 random bytes, kept with the clip's plan.
    [[nodiscard]] static Result<ClipSealer> toHub(const DeliveryKey& hub, std::string_view clip,
                                                  std::uint64_t chunk_bytes, ByteView seed);
    /// What the hub needs to open them, beside its own key.
    const crypto::PublicPoint& ephemeral() const { return ephemeral_; }
    /// `header` goes in clear before it and cannot be changed unseen.
    [[nodiscard]] Result<Bytes> seal(std::uint32_t chunk, ByteView header, ByteView bytes) const;

  private:
    ClipSealer(crypto::HpkeContext context, const crypto::PublicPoint& ephemeral)
        : context_(std::move(context)), ephemeral_(ephemeral) {}

    crypto::HpkeContext context_;
    crypto::PublicPoint ephemeral_;
};

/// The hub's side: its context opens chunk i as number i.
[[nodiscard]] Result<crypto::HpkeContext> clipOpener(const crypto::AgreementKey& hub, std::string_view clip,
                                                     std::uint64_t chunk_bytes,
                                                     const crypto::PublicPoint& ephemeral);

struct SealedPicture {
    crypto::PublicPoint ephemeral{};
    Bytes bytes;
};
/// `of`: the event's id, or the correlation of the command that asked, in hex.
[[nodiscard]] Result<SealedPicture> sealPicture(const DeliveryKey& hub, std::string_view gateway,
                                                std::string_view of, ByteView picture);
[[nodiscard]] Result<Bytes> openPicture(const crypto::AgreementKey& hub, std::string_view gateway,
                                        std::string_view of, const SealedPicture& sealed);

/// A point as the messages carry it: base64. InvalidArgument: not 65 bytes of it.
[[nodiscard]] Result<crypto::PublicPoint> pointFromBase64(std::string_view text);

}  // namespace camgate::evidence
