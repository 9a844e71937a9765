// A signed statement over an interval of one stream's records: the Merkle root of their leaves, in the order
// in which they were written, chained to the statement before. Made at most every 10 minutes and only below
// the durable watermark. Values; signing and verifying: one thread. Implements docs/ref/evidence.md
// (Checkpoint).
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.hpp"
#include "crypto/identity.hpp"
#include "evidence/audit_entry.hpp"
#include "evidence/record_id.hpp"
#include "media/access_unit.hpp"

namespace camgate::evidence {

/// From `at` on this map was in force: after a start, a step of the wall clock, or another quality.
struct ClockCorrection {
    std::uint64_t session = 0;  ///< of the boot
    BootTime at;
    TimeMap map;
};
constexpr std::size_t kMaxCorrections = 64;

/// Messages that had to go before the hub had them, since the outbox began.
struct LostMessages {
    WallTime first;
    WallTime last;
    std::uint64_t count = 0;
};

struct Checkpoint {
    std::string gateway;
    std::string camera;
    media::StreamKind stream = media::StreamKind::Main;
    std::string ring;  ///< id of the ring, hex
    RecordId first;
    RecordId last;
    std::uint64_t leaves = 0;  ///< at least 1
    WallTime from;             ///< start of the first record, by `time_map`
    WallTime to;               ///< end of the last
    crypto::Digest root{};
    std::optional<crypto::Digest> previous;  ///< of the checkpoint before; absent for a ring's first
    TimeMap time_map;                        ///< error bound absent in JSON while unsynced
    BootTime made;
    RecordId watermark;  ///< newest record that was durable then; `last` or after
    std::vector<ClockCorrection>
        corrections;  ///< since the stream's checkpoint before, at most kMaxCorrections
    std::uint64_t corrections_left_out = 0;       ///< older ones that had no place
    std::optional<LostMessages> lost_messages;    ///< of this camera
    std::optional<LostMessages> lost_of_gateway;  ///< of no camera: replies, audit, words on clips
    std::optional<AuditHead> audit;               ///< the newest entry that was durable; absent: none yet
    bool operator==(const Checkpoint& other) const;
};

constexpr std::size_t kMaxCheckpoint_bytes = 16384;

/// The bytes that are hashed and signed; the same checkpoint gives the same.
[[nodiscard]] std::string canonicalText(const Checkpoint& checkpoint);
/// What the next one names as `previous`: SHA-256 of the canonical bytes.
[[nodiscard]] crypto::Digest digestOf(const Checkpoint& checkpoint);
/// InvalidArgument names the JSON pointer and what was expected there.
[[nodiscard]] Result<Checkpoint> parseCheckpoint(std::string_view text);

/// What a signed checkpoint says, without judging the signature.
[[nodiscard]] Result<Checkpoint> readSignedCheckpoint(std::string_view signed_text);

struct VerifiedCheckpoint {
    Checkpoint checkpoint;
    crypto::Digest digest{};  ///< of the bytes that were signed
    std::string signer;       ///< fingerprint
};

/// FailedPrecondition: the certificate's name is not the checkpoint's gateway.
[[nodiscard]] Result<std::string> signCheckpoint(const Checkpoint& checkpoint,
                                                 const crypto::Identity& signer);

/// As verifyManifest().
[[nodiscard]] Result<VerifiedCheckpoint> verifyCheckpoint(std::string_view signed_text,
                                                          const crypto::Certificate& authority, WallTime at);

}  // namespace camgate::evidence
