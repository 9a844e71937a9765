#include "evidence/leaf.hpp"

#include <array>

namespace camgate::evidence {

LeafHash::LeafHash(ByteView canonical_header, ByteView sample_table) {
    static constexpr std::array<std::uint8_t, 1> kLeafPrefix{0x00};
    hash_.update(kLeafPrefix);
    hash_.update(canonical_header);
    hash_.update(sample_table);
}

Digest leafHash(ByteView canonical_header, ByteView sample_table, ByteView payload) {
    LeafHash hash(canonical_header, sample_table);
    hash.addPayload(payload);
    return hash.finish();
}

}  // namespace camgate::evidence
