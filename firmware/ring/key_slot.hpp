// A key slot: one key of sealed footage, wrapped, and whose it is. What it says lies sealed; in clear is only
// that there is a key, or was. Decoders check every length. Pure but for random numbers, any thread.
// Implements docs/ref/key-slots.md (Slot).
#pragma once

#include <compare>
#include <optional>

#include "base/bytes.hpp"
#include "crypto/aead.hpp"
#include "crypto/agreement_key.hpp"
#include "crypto/key_source.hpp"

namespace camgate::ring {

constexpr std::size_t kSlot_bytes = 256;

enum class SlotState : std::uint8_t { Free = 0, Key = 1, Erased = 2 };

enum class KeyScope : std::uint8_t {
    Nobody = 0,   ///< erased, and it is not said whose it was
    Ring = 1,     ///< what all cameras share: the summaries in footers
    WallDay = 2,  ///< a camera's day in UTC
    BootDay = 3,  ///< a camera's 24 hours of a boot, as long as the wall clock is not known
};

struct KeyOwner {
    KeyScope scope = KeyScope::Ring;
    std::uint64_t camera_tag = 0;
    std::uint64_t boot_session = 0;  ///< of a BootDay
    std::int32_t day = 0;            ///< since 1970-01-01, or since the boot
    auto operator<=>(const KeyOwner&) const = default;
};

struct Slot {
    SlotState state = SlotState::Free;
    std::uint64_t generation = 0;  ///< erased: until no extent older than this is left
    KeyOwner owner;
    crypto::AeadKey key{};  ///< zeros when erased
    std::array<std::uint64_t, 2>
        last_sequences{};  ///< erased: the camera's, by stream, so that they still grow
};

/// Wraps and unwraps slots of one ring. What it holds of secrets is wiped when it goes.
class SlotCipher {
  public:
    /// With the key source's secret, and for new slots to a release key also.
    [[nodiscard]] static Result<SlotCipher> fromSecret(const crypto::SourceSecret& secret, ByteView ring_id,
                                                       const std::optional<crypto::PublicPoint>& release);
    /// With the release key's private half, which outlives it: reads only.
    static SlotCipher fromRelease(const crypto::AgreementKey& release, ByteView ring_id);
    SlotCipher(SlotCipher&& other) noexcept;
    SlotCipher& operator=(SlotCipher&& other) noexcept;
    ~SlotCipher();

    bool writes() const { return release_key_ == nullptr; }
    /// kSlot_bytes. FailedPrecondition: it reads only.
    [[nodiscard]] Result<Bytes> seal(std::uint32_t number, const Slot& slot) const;
    /// Corruption: damaged, or wrapped with another secret; PermissionDenied: not sealed to this release key.
    /// An erased one that cannot be opened is nobody's.
    [[nodiscard]] Result<Slot> open(std::uint32_t number, ByteView bytes) const;

  private:
    explicit SlotCipher(ByteView ring_id) : ring_id_(ring_id.begin(), ring_id.end()) {}
    Bytes clearPart(std::uint32_t number, SlotState state, std::uint64_t generation) const;
    Result<Bytes> openReleased(ByteView clear, ByteView bytes) const;

    Bytes ring_id_;
    crypto::AeadKey wrapping_key_{};
    std::optional<crypto::PublicPoint> release_;
    const crypto::AgreementKey* release_key_ = nullptr;
};

}  // namespace camgate::ring
