// A record's leaf in the ledger: SHA-256(0x00 || canonical header || sample table || payload), the leaf hash
// of RFC 6962. The header's layout is fixed and holds the table's length, so the parts cannot run into each
// other. Any thread, one per LeafHash. Implements docs/ref/evidence.md (Leaf).
#pragma once

#include "base/bytes.hpp"
#include "crypto/hash.hpp"

namespace camgate::evidence {

using crypto::Digest;

/// For a payload that is read in steps.
class LeafHash {
  public:
    LeafHash(ByteView canonical_header, ByteView sample_table);
    void addPayload(ByteView bytes) { hash_.update(bytes); }
    /// Call once; nothing may follow.
    [[nodiscard]] Digest finish() { return hash_.finish(); }

  private:
    crypto::Sha256 hash_;
};

[[nodiscard]] Digest leafHash(ByteView canonical_header, ByteView sample_table, ByteView payload);

}  // namespace camgate::evidence
