#include "ring/ring_keys.hpp"

#include <algorithm>

#include "crypto/hkdf.hpp"
#include "crypto/random.hpp"
#include "crypto/wipe.hpp"

namespace camgate::ring {
namespace {

constexpr std::string_view kRecordLabel = "camgate-record";
constexpr std::string_view kIndexLabel = "camgate-index";
constexpr std::string_view kSummaryLabel = "camgate-summary";
constexpr KeyOwner kRingOwner{.scope = KeyScope::Ring};

/// The source's secret; one is made for a ring that has no keys yet and is to be sealed.
Result<std::optional<crypto::SourceSecret>> secretFor(File& file, std::uint64_t ring_tag,
                                                      const SealOptions& options) {
    auto secret = options.source->secret();
    if (secret) return *secret;
    const auto any_key = KeySlots::anyKey(file, ring_tag);
    if (!any_key) return std::unexpected(any_key.error());
    if (*any_key) {
        return fail(ErrorKind::FailedPrecondition,
                    "the ring is sealed and its " + std::string(options.source->name()) +
                        " gives no secret: " + secret.error().describe() + "; left as it is");
    }
    if (!options.seal) return std::nullopt;
    if (secret.error().kind != ErrorKind::NotFound) return std::unexpected(secret.error());
    if (auto made = options.source->create(); !made) return std::unexpected(made.error());
    secret = options.source->secret();
    if (!secret) return std::unexpected(secret.error());
    return *secret;
}

}  // namespace

Result<RingKeys> RingKeys::open(File& file, const RingFileHeader& header, const SealOptions& options) {
    RingKeys keys;
    std::optional<SlotCipher> cipher;
    if (options.release_key != nullptr) {
        cipher = SlotCipher::fromRelease(*options.release_key, header.id);
    } else if (options.source != nullptr) {
        auto secret = secretFor(file, header.tag(), options);
        if (!secret) return passOn(secret.error(), "the key of the ring");
        if (!*secret) return keys;
        auto made = SlotCipher::fromSecret(**secret, header.id, options.release);
        crypto::wipe(**secret);
        if (!made) return std::unexpected(made.error());
        cipher = std::move(*made);
    } else if (options.seal) {
        return fail(ErrorKind::InvalidArgument, "sealing needs a key source");
    } else {
        return keys;
    }
    auto slots = KeySlots::open(file, header.tag(), std::move(*cipher));
    if (!slots) return std::unexpected(slots.error());
    keys.slots_ = std::move(*slots);
    keys.seals_ = options.seal && keys.slots_->writes();
    return keys;
}

bool RingKeys::lacksKeysFor(std::span<const RecordDraft> round) const {
    if (!seals_) return false;
    return !find(kRingOwner) || std::ranges::any_of(round, [this](const RecordDraft& draft) {
        return !find(keyOwnerOf(draft.header));
    });
}

Status RingKeys::makeKeysFor(std::span<const RecordDraft> round) {
    std::set<KeyOwner> owners{kRingOwner};
    for (const RecordDraft& draft : round) owners.insert(keyOwnerOf(draft.header));
    std::vector<Slot> keys;
    Status filled;
    for (const KeyOwner& owner : owners) {
        if (find(owner)) continue;
        keys.push_back({SlotState::Key, 0, owner, {}, {}});
        if (auto done = crypto::fillRandom(keys.back().key); !done) filled = done;
    }
    Status added;
    if (filled) {
        const auto numbers = slots_->add(keys);
        if (!numbers) added = std::unexpected(numbers.error());
    }
    for (Slot& slot : keys) crypto::wipe(slot.key);
    return filled ? added : filled;
}

std::uint32_t RingKeys::slotFor(const RecordHeader& header) const {
    return seals_ ? find(keyOwnerOf(header)).value_or(0) : 0;
}

std::uint32_t RingKeys::summarySlot() const {
    // Also when sealing was switched off: summaries tell of records that lie sealed.
    return slots_ ? find(kRingOwner).value_or(0) : 0;
}

bool RingKeys::isErased(std::uint32_t slot) const {
    if (slot == 0 || !slots_) return false;
    const auto key = slots_->key(slot);
    return !key && key.error().kind == ErrorKind::NotFound;
}

std::optional<std::uint32_t> RingKeys::find(const KeyOwner& owner) const {
    return slots_->numberOf(owner);
}

Result<crypto::AeadKey> RingKeys::recordKey(const Placement& placement) const {
    ByteWriter salt;
    salt.putBytes(placement.session);
    salt.put(placement.generation);
    return derive(placement.key_slot, salt.bytes(), kRecordLabel);
}

Result<crypto::AeadKey> RingKeys::indexKey(std::uint32_t slot, std::uint64_t generation) const {
    ByteWriter salt;
    salt.put(generation);
    return derive(slot, salt.bytes(), kIndexLabel);
}

Result<crypto::AeadKey> RingKeys::summaryKey(std::uint32_t slot) const {
    return derive(slot, {}, kSummaryLabel);
}

Result<crypto::AeadKey> RingKeys::derive(std::uint32_t slot, ByteView salt, std::string_view label) const {
    if (!slots_) return fail(ErrorKind::PermissionDenied, "sealed, and no key source is given");
    const auto content = slots_->key(slot);
    if (!content) return std::unexpected(content.error());
    auto bytes = crypto::hkdfSha256(salt, (*content)->key, asBytes(label), sizeof(crypto::AeadKey));
    if (!bytes) return std::unexpected(bytes.error());
    crypto::AeadKey key{};
    std::ranges::copy(*bytes, key.begin());
    crypto::wipe(*bytes);
    return key;
}

KeyOwner keyOwnerOf(const RecordHeader& header) {
    if (header.time_map.quality != WallQuality::Unsynced) {
        return {KeyScope::WallDay, header.camera_tag, 0, dayOf(header.time_map.toWall(header.first_decode))};
    }
    const auto since_boot = std::chrono::floor<std::chrono::days>(header.first_decode.time_since_epoch());
    return {KeyScope::BootDay, header.camera_tag, header.boot_session,
            static_cast<std::int32_t>(since_boot.count())};
}

std::int32_t dayOf(WallTime time) {
    return static_cast<std::int32_t>(std::chrono::floor<std::chrono::days>(time.time_since_epoch()).count());
}

}  // namespace camgate::ring
