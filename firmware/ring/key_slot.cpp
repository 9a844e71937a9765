#include "ring/key_slot.hpp"

#include <algorithm>

#include "crypto/hkdf.hpp"
#include "crypto/hpke.hpp"
#include "crypto/random.hpp"
#include "crypto/wipe.hpp"

namespace camgate::ring {
namespace {

constexpr std::size_t kContent_bytes = 56;
constexpr std::size_t kSealed_bytes = kContent_bytes + crypto::kAeadTag_bytes;
constexpr std::size_t kGenerationAt_bytes = 8;
constexpr std::size_t kNonceAt_bytes = 16;
constexpr std::size_t kSealedAt_bytes = kNonceAt_bytes + sizeof(crypto::AeadNonce);
constexpr std::size_t kEphemeralAt_bytes = kSealedAt_bytes + kSealed_bytes;
constexpr std::size_t kReleasedAt_bytes = kEphemeralAt_bytes + sizeof(crypto::PublicPoint);
static_assert(kReleasedAt_bytes + kSealed_bytes <= kSlot_bytes);
constexpr std::uint8_t kReleasedFlag = 1;
constexpr std::string_view kWrapLabel = "camgate-slots";
constexpr std::string_view kReleaseLabel = "camgate-release";

std::unexpected<Error> corruptSlot(const char* what) {
    return fail(ErrorKind::Corruption, std::string("key slot: ") + what);
}

Bytes encodeContent(const Slot& slot) {
    ByteWriter out;
    out.put(static_cast<std::uint8_t>(slot.owner.scope));
    out.putBytes(std::array<std::uint8_t, 3>{});
    out.put(slot.owner.day);
    out.put(slot.owner.camera_tag);
    out.put(slot.owner.boot_session);
    if (slot.state == SlotState::Key) {
        out.putBytes(slot.key);
    } else {
        for (const std::uint64_t sequence : slot.last_sequences) out.put(sequence);
        out.putBytes(std::array<std::uint8_t, 16>{});
    }
    return std::move(out).take();
}

Status decodeContent(ByteView bytes, Slot& slot) {
    ByteReader in(bytes);
    const auto scope = in.get<std::uint8_t>();
    in.getBytes(3);
    slot.owner.day = in.get<std::int32_t>();
    slot.owner.camera_tag = in.get<std::uint64_t>();
    slot.owner.boot_session = in.get<std::uint64_t>();
    if (slot.state == SlotState::Key) {
        std::ranges::copy(in.getBytes(slot.key.size()), slot.key.begin());
    } else {
        for (std::uint64_t& sequence : slot.last_sequences) sequence = in.get<std::uint64_t>();
        in.getBytes(16);
    }
    const bool known = scope >= static_cast<std::uint8_t>(KeyScope::Ring) &&
                       scope <= static_cast<std::uint8_t>(KeyScope::BootDay);
    if (!in.done() || !known) return corruptSlot("content");
    slot.owner.scope = static_cast<KeyScope>(scope);
    return {};
}

void put(Bytes& slot, std::size_t at, ByteView part) {
    std::ranges::copy(part, slot.begin() + static_cast<std::ptrdiff_t>(at));
}

/// An ephemeral key, and with it the content sealed to the release key.
Status putReleased(Bytes& slot, const crypto::PublicPoint& release, ByteView clear, ByteView content) {
    const auto ephemeral = crypto::AgreementKey::generate();
    if (!ephemeral) return std::unexpected(ephemeral.error());
    const auto context = crypto::HpkeContext::toReceiver(release, asBytes(kReleaseLabel), *ephemeral);
    if (!context) return std::unexpected(context.error());
    const auto sealed = context->seal(0, clear, content);
    if (!sealed) return std::unexpected(sealed.error());
    slot[1] = kReleasedFlag;
    put(slot, kEphemeralAt_bytes, ephemeral->publicPoint());
    put(slot, kReleasedAt_bytes, *sealed);
    return {};
}

}  // namespace

Result<SlotCipher> SlotCipher::fromSecret(const crypto::SourceSecret& secret, ByteView ring_id,
                                          const std::optional<crypto::PublicPoint>& release) {
    SlotCipher cipher(ring_id);
    auto key = crypto::hkdfSha256(ring_id, secret, asBytes(kWrapLabel), cipher.wrapping_key_.size());
    if (!key) return std::unexpected(key.error());
    std::ranges::copy(*key, cipher.wrapping_key_.begin());
    crypto::wipe(*key);
    cipher.release_ = release;
    return cipher;
}

SlotCipher SlotCipher::fromRelease(const crypto::AgreementKey& release, ByteView ring_id) {
    SlotCipher cipher(ring_id);
    cipher.release_key_ = &release;
    return cipher;
}

SlotCipher::SlotCipher(SlotCipher&& other) noexcept = default;
SlotCipher& SlotCipher::operator=(SlotCipher&& other) noexcept = default;
SlotCipher::~SlotCipher() {
    crypto::wipe(wrapping_key_);
}

Bytes SlotCipher::clearPart(std::uint32_t number, SlotState state, std::uint64_t generation) const {
    ByteWriter out;
    out.putBytes(ring_id_);
    out.put(number);
    out.put(static_cast<std::uint8_t>(state));
    out.put(generation);
    return std::move(out).take();
}

Result<Bytes> SlotCipher::seal(std::uint32_t number, const Slot& slot) const {
    if (!writes()) return fail(ErrorKind::FailedPrecondition, "a release key opens slots, it makes none");
    Bytes bytes(kSlot_bytes);
    if (slot.state == SlotState::Free) return bytes;
    bytes[0] = static_cast<std::uint8_t>(slot.state);
    ByteWriter generation;
    generation.put(slot.generation);
    put(bytes, kGenerationAt_bytes, generation.bytes());
    if (slot.owner.scope == KeyScope::Nobody) return bytes;
    crypto::AeadNonce nonce{};
    if (auto filled = crypto::fillRandom(nonce); !filled) return std::unexpected(filled.error());
    put(bytes, kNonceAt_bytes, nonce);
    const Bytes clear = clearPart(number, slot.state, slot.generation);
    Bytes content = encodeContent(slot);
    const auto sealed = crypto::aeadSeal(wrapping_key_, nonce, clear, content);
    Status released;
    if (release_ && slot.state == SlotState::Key) released = putReleased(bytes, *release_, clear, content);
    crypto::wipe(content);
    if (!sealed) return std::unexpected(sealed.error());
    if (!released) return std::unexpected(released.error());
    put(bytes, kSealedAt_bytes, *sealed);
    return bytes;
}

Result<Slot> SlotCipher::open(std::uint32_t number, ByteView bytes) const {
    if (bytes.size() != kSlot_bytes) return corruptSlot("length");
    Slot slot;
    if (bytes[0] > static_cast<std::uint8_t>(SlotState::Erased)) return corruptSlot("state");
    slot.state = static_cast<SlotState>(bytes[0]);
    if (slot.state == SlotState::Free) return slot;
    slot.generation = ByteReader(bytes.subspan(kGenerationAt_bytes)).get<std::uint64_t>();
    const Bytes clear = clearPart(number, slot.state, slot.generation);
    crypto::AeadNonce nonce{};
    std::ranges::copy(bytes.subspan(kNonceAt_bytes, nonce.size()), nonce.begin());
    auto content = release_key_ ? openReleased(clear, bytes)
                                : crypto::aeadOpen(wrapping_key_, nonce, clear,
                                                   bytes.subspan(kSealedAt_bytes, kSealed_bytes));
    if (!content && slot.state == SlotState::Erased) {
        slot.owner.scope = KeyScope::Nobody;
        return slot;
    }
    if (!content) return passOn(content.error(), "key slot " + std::to_string(number));
    const auto decoded = decodeContent(*content, slot);
    crypto::wipe(*content);
    if (!decoded) return std::unexpected(decoded.error());
    return slot;
}

Result<Bytes> SlotCipher::openReleased(ByteView clear, ByteView bytes) const {
    if (bytes[1] != kReleasedFlag) return fail(ErrorKind::PermissionDenied, "not sealed to a release key");
    crypto::PublicPoint ephemeral{};
    std::ranges::copy(bytes.subspan(kEphemeralAt_bytes, ephemeral.size()), ephemeral.begin());
    const auto context = crypto::HpkeContext::ofReceiver(*release_key_, asBytes(kReleaseLabel), ephemeral);
    if (!context) return fail(ErrorKind::Corruption, context.error().context);
    auto content = context->open(0, clear, bytes.subspan(kReleasedAt_bytes, kSealed_bytes));
    if (!content) return fail(ErrorKind::PermissionDenied, "not sealed to this release key, or damaged");
    return content;
}

}  // namespace camgate::ring
