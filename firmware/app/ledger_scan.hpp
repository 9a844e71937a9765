// What a stretch of wall time holds of one stream, for the ledger: its leaves, out of the ring's indexes.
// Storage thread.
#pragma once

#include <optional>
#include <vector>

#include "evidence/record_id.hpp"
#include "ring/ring.hpp"

namespace camgate::app {

struct LedgerLeaf {
    evidence::RecordId id;
    crypto::Digest leaf{};
    WallTime start;
    WallTime end;
};

struct LedgerScan {
    std::vector<LedgerLeaf> leaves;  ///< by sequence
    bool has_before = false;         ///< a record with a number not above `after` is there too
    std::optional<WallTime> newest;  ///< end of what the stream has at all
};

struct LedgerWindow {
    std::uint64_t camera_tag = 0;
    media::StreamKind stream = media::StreamKind::Main;
    WallTime from;
    WallTime to;
    std::uint64_t after = 0;  ///< only records with a higher number
};

[[nodiscard]] Result<LedgerScan> scanLedger(ring::Ring& ring, const LedgerWindow& window);

}  // namespace camgate::app
