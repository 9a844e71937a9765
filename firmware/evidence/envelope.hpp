// A signed command: what the hub wraps around everything that changes or extracts, and what a gateway checks
// before it acts. The signature covers the exact payload bytes, whom it is for and until when.
// The caller looks into its cache of replies first: a repeated envelope is refused here as old.
// One thread (see crypto). Implements docs/ref/evidence.md (Envelope).
#pragma once

#include <cstdint>
#include <expected>
#include <span>
#include <string>
#include <string_view>

#include "base/bytes.hpp"
#include "base/clock.hpp"
#include "crypto/identity.hpp"
#include "evidence/counter_store.hpp"

namespace camgate::evidence {

/// Why an envelope is not acted on; names are part of the protocol and of the counters.
enum class EnvelopeRefusal : std::uint8_t {
    Malformed,
    WrongGateway,
    WrongCommand,
    UnknownKey,    ///< not a trusted signer, or its certificate is not under the authority or not valid now
    Revoked,       ///< the trust document says so
    WrongPurpose,  ///< its certificate lacks the purpose `command`
    BadSignature,
    TimeUnsynced,  ///< dates cannot be judged yet, and no open challenge is answered
    NotYetValid,
    Expired,
    OldCounter,
    Storage,  ///< the counter could not be read or kept
};
inline constexpr std::size_t kEnvelopeRefusals = 12;

/// For example "bad-signature".
std::string_view toString(EnvelopeRefusal refusal);
/// The kind of error that a reply gives with it.
ErrorKind kindOf(EnvelopeRefusal refusal);
/// False for what anybody could have sent: it is counted and answered with the reason alone.
bool provenSigner(EnvelopeRefusal refusal);

struct EnvelopeFault {
    EnvelopeRefusal refusal = EnvelopeRefusal::Malformed;
    std::string detail;
};

struct EnvelopeDraft {
    std::string command;
    std::string gateway;
    std::uint64_t counter = 0;  ///< higher than any this signer used for this gateway
    WallTime issued;
    WallTime expires;
    Bytes payload;  ///< JSON
};

struct OpenedEnvelope {
    std::string command;
    std::string signer;       ///< fingerprint
    std::string signer_name;  ///< common name of its certificate
    std::uint64_t counter = 0;
    WallTime issued;
    WallTime expires;
    Bytes payload;
    std::string challenge = {};  ///< the one it answers; empty: its dates were judged
};

struct EnvelopeExpectations {
    std::string_view gateway;
    std::string_view command;  ///< from the topic
    std::span<const crypto::Certificate> signers;
    const crypto::Certificate& authority;
    WallReading now;
    CounterStore& counters;
    /// Random words that this gateway gave out and that are still open: while it does not know the time, a
    /// payload that holds one of them as `challenge` is fresh.
    std::span<const std::string> challenges = {};
    std::span<const std::string> revoked = {};  ///< fingerprints of signers
};

constexpr std::size_t kMaxEnvelope_bytes = 64U << 10U;
/// How far ahead of the gateway's clock, beyond its error bound, the hub's may be.
constexpr std::chrono::seconds kIssueTolerance{60};

/// InvalidArgument: names, counter or dates that no gateway would take, or longer than kMaxEnvelope_bytes.
[[nodiscard]] Result<std::string> sealEnvelope(const EnvelopeDraft& draft, const crypto::Identity& signer);

/// The counter is kept before this returns: after a power cut a command is lost rather than done twice.
[[nodiscard]] std::expected<OpenedEnvelope, EnvelopeFault> openEnvelope(std::string_view text,
                                                                        const EnvelopeExpectations& expected);

}  // namespace camgate::evidence
