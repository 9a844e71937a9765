#include "ring/record_seal.hpp"

#include <algorithm>

namespace camgate::ring {
namespace {

enum class Part : std::uint32_t { Front = 0, Payload = 1 };

crypto::AeadNonce nonceOf(const Placement& placement, Part part) {
    ByteWriter out;
    out.put(placement.counter);
    out.put(static_cast<std::uint32_t>(part));
    crypto::AeadNonce nonce{};
    std::ranges::copy(out.bytes(), nonce.begin());
    return nonce;
}

/// The last 16 bytes become the tag of those before.
Status seal(const crypto::AeadKey& key, const Placement& placement, Part part,
            std::span<std::uint8_t> bytes) {
    const auto text = bytes.first(bytes.size() - crypto::kAeadTag_bytes);
    const auto tag = crypto::aeadSealInPlace(key, nonceOf(placement, part), encodePlacement(placement), text);
    if (!tag) return std::unexpected(tag.error());
    std::ranges::copy(*tag, bytes.last(crypto::kAeadTag_bytes).begin());
    return {};
}

Result<ByteView> open(const crypto::AeadKey& key, const Placement& placement, Part part,
                      std::span<std::uint8_t> bytes) {
    const auto text = bytes.first(bytes.size() - crypto::kAeadTag_bytes);
    crypto::AeadTag tag{};
    std::ranges::copy(bytes.last(crypto::kAeadTag_bytes), tag.begin());
    const auto opened =
        crypto::aeadOpenInPlace(key, nonceOf(placement, part), encodePlacement(placement), text, tag);
    if (!opened) return passOn(opened.error(), "record");
    return ByteView(text);
}

}  // namespace

Status sealRecord(const crypto::AeadKey& key, const Placement& placement, std::span<std::uint8_t> record) {
    const auto front = record.subspan(kPlacement_bytes, placement.meta_bytes);
    if (auto done = seal(key, placement, Part::Front, front); !done) return done;
    return seal(key, placement, Part::Payload, record.subspan(kPlacement_bytes + placement.meta_bytes));
}

Result<ByteView> openFront(const crypto::AeadKey& key, const Placement& placement,
                           std::span<std::uint8_t> front) {
    if (front.size() != placement.meta_bytes || front.size() < crypto::kAeadTag_bytes)
        return fail(ErrorKind::Corruption, "record: front length");
    return open(key, placement, Part::Front, front);
}

Result<ByteView> openRecord(const crypto::AeadKey& key, const Placement& placement,
                            std::span<std::uint8_t> record) {
    const std::uint64_t least = kPlacement_bytes + std::uint64_t{placement.meta_bytes} + kTrailer_bytes;
    if (record.size() != placement.total_bytes || record.size() < least)
        return fail(ErrorKind::Corruption, "record: length");
    const auto front = openFront(key, placement, record.subspan(kPlacement_bytes, placement.meta_bytes));
    if (!front) return front;
    return open(key, placement, Part::Payload, record.subspan(kPlacement_bytes + placement.meta_bytes));
}

}  // namespace camgate::ring
