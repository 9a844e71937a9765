// One entry of a gateway's audit chain: who asked for or did what, and what came of it. Each names the hash
// of the one before, and checkpoints sign the newest: none can be changed, left out or put in afterwards
// without it being seen. Values. Any thread. Implements docs/ref/evidence.md (Audit chain).
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/clock.hpp"
#include "crypto/hash.hpp"

namespace camgate::evidence {

/// The newest entry of a chain.
struct AuditHead {
    std::uint64_t number = 0;
    crypto::Digest hash{};
    bool operator==(const AuditHead&) const = default;
};

struct AuditEntry {
    std::uint64_t number = 1;                ///< from 1, without holes
    std::optional<crypto::Digest> previous;  ///< hash of the one before; absent in the first
    WallTime at;
    std::string actor;    ///< fingerprint of who signed it, or words such as `console owner`
    std::string action;   ///< for example `clip.request`
    std::string outcome;  ///< `done`, or why not
    std::string detail_json = "{}";
};

constexpr std::size_t kMaxAuditEntry_bytes = 16384;

/// The bytes that are hashed; text that is not UTF-8 is mended, a detail that is no JSON object left out.
[[nodiscard]] std::string canonicalText(const AuditEntry& entry);
[[nodiscard]] crypto::Digest auditHash(std::string_view canonical_text);
/// InvalidArgument names the JSON pointer and what was expected there.
[[nodiscard]] Result<AuditEntry> parseAuditEntry(std::string_view text);

}  // namespace camgate::evidence
