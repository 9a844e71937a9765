#include "evidence/envelope.hpp"

#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>

#include "base/wall_text.hpp"
#include "evidence/bounded_json.hpp"
#include "evidence/object_reader.hpp"

namespace camgate::evidence {
namespace {

struct RefusalRow {
    EnvelopeRefusal refusal;
    std::string_view name;
    ErrorKind kind;
    bool proven;
};
constexpr std::array<RefusalRow, kEnvelopeRefusals> kRefusals{{
    {EnvelopeRefusal::Malformed, "malformed", ErrorKind::InvalidArgument, false},
    {EnvelopeRefusal::WrongGateway, "wrong-gateway", ErrorKind::PermissionDenied, false},
    {EnvelopeRefusal::WrongCommand, "wrong-command", ErrorKind::PermissionDenied, false},
    {EnvelopeRefusal::UnknownKey, "unknown-key", ErrorKind::PermissionDenied, false},
    {EnvelopeRefusal::Revoked, "revoked", ErrorKind::PermissionDenied, false},
    {EnvelopeRefusal::WrongPurpose, "wrong-purpose", ErrorKind::PermissionDenied, false},
    {EnvelopeRefusal::BadSignature, "bad-signature", ErrorKind::PermissionDenied, false},
    {EnvelopeRefusal::TimeUnsynced, "time-unsynced", ErrorKind::Unavailable, true},
    {EnvelopeRefusal::NotYetValid, "not-yet-valid", ErrorKind::FailedPrecondition, true},
    {EnvelopeRefusal::Expired, "expired", ErrorKind::FailedPrecondition, true},
    {EnvelopeRefusal::OldCounter, "old-counter", ErrorKind::FailedPrecondition, true},
    {EnvelopeRefusal::Storage, "storage", ErrorKind::Unavailable, true},
}};

const RefusalRow& rowOf(EnvelopeRefusal refusal) {
    return kRefusals.at(static_cast<std::size_t>(refusal));
}

constexpr std::size_t kMaxName_bytes = 64;

/// The fields as they were written: the signature covers their text.
struct Wire {
    std::string command, gateway, key, issued, expires;
    std::uint64_t counter = 0;
    WallTime issued_time, expires_time;
    Bytes payload;
    Bytes signature;
};

Bytes signedBytes(const Wire& wire) {
    const std::string head = "camgate-envelope-v1\n" + wire.command + "\n" + wire.gateway + "\n" + wire.key +
                             "\n" + std::to_string(wire.counter) + "\n" + wire.issued + "\n" + wire.expires +
                             "\n";
    ByteWriter out;
    out.putBytes(asBytes(head));
    out.putBytes(wire.payload);
    return std::move(out).take();
}

Result<Wire> parseWire(std::string_view text) {
    const auto document = parseBoundedObject(text, kMaxEnvelope_bytes);
    if (!document) return std::unexpected(document.error());
    ObjectReader in(*document);
    in.number("v", 1, 1);
    Wire wire;
    wire.command = in.word("command", kMaxName_bytes);
    wire.gateway = in.word("gateway", kMaxName_bytes);
    wire.key = toHex(in.digest("key"));
    wire.counter = in.number("counter", 1);
    wire.issued = in.text("issued", 40);
    wire.expires = in.text("expires", 40);
    wire.issued_time = in.time("issued");
    wire.expires_time = in.time("expires");
    if (wire.expires_time <= wire.issued_time) in.setFault("expires", "a time after \"issued\"");
    wire.payload = in.base64("payload");
    wire.signature = in.signature("sig");
    if (auto status = in.status(); !status) return std::unexpected(status.error());
    return wire;
}

std::string toText(const Wire& wire) {
    const nlohmann::json document{{"v", 1},
                                  {"command", wire.command},
                                  {"gateway", wire.gateway},
                                  {"key", wire.key},
                                  {"counter", wire.counter},
                                  {"issued", wire.issued},
                                  {"expires", wire.expires},
                                  {"payload", toBase64(wire.payload)},
                                  {"sig", toBase64(wire.signature)}};
    // Names are checked after this; until then they may not be UTF-8, and dump() would throw.
    return document.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}

std::unexpected<EnvelopeFault> refuse(EnvelopeRefusal refusal, std::string detail) {
    return std::unexpected(EnvelopeFault{refusal, std::move(detail)});
}

std::expected<void, EnvelopeFault> checkAddress(const Wire& wire, const EnvelopeExpectations& expected) {
    if (wire.gateway != expected.gateway) return refuse(EnvelopeRefusal::WrongGateway, "for " + wire.gateway);
    if (wire.command != expected.command) return refuse(EnvelopeRefusal::WrongCommand, "is " + wire.command);
    return {};
}

std::expected<const crypto::Certificate*, EnvelopeFault> checkSignature(
    const Wire& wire, const EnvelopeExpectations& expected) {
    if (std::ranges::find(expected.revoked, wire.key) != expected.revoked.end())
        return refuse(EnvelopeRefusal::Revoked, "signer " + wire.key + " is revoked");
    const auto signer = std::ranges::find(expected.signers, wire.key, &crypto::Certificate::fingerprint);
    if (signer == expected.signers.end()) return refuse(EnvelopeRefusal::UnknownKey, "no signer " + wire.key);
    if (!signer->hasPurpose(crypto::Purpose::Command)) {
        return refuse(EnvelopeRefusal::WrongPurpose, "\"" + signer->commonName() + "\" may not command");
    }
    if (auto proven = signer->verifySignature(signedBytes(wire), wire.signature); !proven) {
        return refuse(EnvelopeRefusal::BadSignature, proven.error().context);
    }
    return &*signer;
}

/// Empty: none of those that are open.
std::string answeredChallenge(const Wire& wire, std::span<const std::string> open) {
    if (open.empty()) return {};
    const auto payload = parseBoundedObject(asText(wire.payload), kMaxEnvelope_bytes);
    if (!payload) return {};
    ObjectReader in(*payload);
    if (!in.has("challenge")) return {};
    const std::string answered = in.word("challenge", kMaxName_bytes);
    return std::ranges::find(open, answered) == open.end() ? std::string() : answered;
}

/// Fresh by the challenge; its dates only say when the certificates have to be valid.
std::expected<void, EnvelopeFault> checkChallenge(const Wire& wire, const crypto::Certificate& signer,
                                                  const EnvelopeExpectations& expected,
                                                  const std::string& challenge) {
    if (challenge.empty()) {
        return refuse(EnvelopeRefusal::TimeUnsynced, "the gateway does not know the time yet");
    }
    if (auto chain = verifyChain(signer, expected.authority, wire.issued_time); !chain) {
        return refuse(EnvelopeRefusal::UnknownKey, chain.error().context);
    }
    return {};
}

std::expected<void, EnvelopeFault> checkTime(const Wire& wire, const crypto::Certificate& signer,
                                             const EnvelopeExpectations& expected) {
    const WallReading& now = expected.now;
    if (auto chain = verifyChain(signer, expected.authority, now.time); !chain) {
        return refuse(EnvelopeRefusal::UnknownKey, chain.error().context);
    }
    if (wire.issued_time > now.time + now.error_bound + kIssueTolerance) {
        return refuse(EnvelopeRefusal::NotYetValid,
                      "issued " + wire.issued + ", here it is " + formatWallTime(now.time));
    }
    if (now.time >= wire.expires_time) {
        return refuse(EnvelopeRefusal::Expired,
                      "expired " + wire.expires + ", here it is " + formatWallTime(now.time));
    }
    return {};
}

std::expected<void, EnvelopeFault> spendCounter(const Wire& wire, CounterStore& counters) {
    const auto highest = counters.highest(wire.key);
    if (!highest) return refuse(EnvelopeRefusal::Storage, highest.error().describe());
    if (wire.counter <= *highest) {
        return refuse(EnvelopeRefusal::OldCounter,
                      "counter " + std::to_string(wire.counter) + ", seen " + std::to_string(*highest));
    }
    if (auto kept = counters.store(wire.key, wire.counter); !kept) {
        return refuse(EnvelopeRefusal::Storage, kept.error().describe());
    }
    return {};
}

}  // namespace

std::string_view toString(EnvelopeRefusal refusal) {
    return rowOf(refusal).name;
}

ErrorKind kindOf(EnvelopeRefusal refusal) {
    return rowOf(refusal).kind;
}

bool provenSigner(EnvelopeRefusal refusal) {
    return rowOf(refusal).proven;
}

Result<std::string> sealEnvelope(const EnvelopeDraft& draft, const crypto::Identity& signer) {
    Wire wire{draft.command,
              draft.gateway,
              signer.certificate().fingerprint(),
              formatWallTime(draft.issued),
              formatWallTime(draft.expires),
              draft.counter,
              draft.issued,
              draft.expires,
              draft.payload,
              {}};
    auto signature = signer.key().sign(signedBytes(wire));
    if (!signature) return passOn(signature.error(), "sealing an envelope");
    wire.signature = std::move(*signature);
    std::string text = toText(wire);
    // What no gateway would read must not leave.
    if (auto readable = parseWire(text); !readable) return passOn(readable.error(), "sealing an envelope");
    return text;
}

std::expected<OpenedEnvelope, EnvelopeFault> openEnvelope(std::string_view text,
                                                          const EnvelopeExpectations& expected) {
    auto wire = parseWire(text);
    if (!wire) return refuse(EnvelopeRefusal::Malformed, wire.error().context);
    if (auto addressed = checkAddress(*wire, expected); !addressed) return std::unexpected(addressed.error());
    const auto signer = checkSignature(*wire, expected);
    if (!signer) return std::unexpected(signer.error());
    std::string challenge;
    if (expected.now.quality == WallQuality::Unsynced)
        challenge = answeredChallenge(*wire, expected.challenges);
    const auto timely = expected.now.quality == WallQuality::Unsynced
                            ? checkChallenge(*wire, **signer, expected, challenge)
                            : checkTime(*wire, **signer, expected);
    if (!timely) return std::unexpected(timely.error());
    if (auto fresh = spendCounter(*wire, expected.counters); !fresh) return std::unexpected(fresh.error());
    return OpenedEnvelope{
        wire->command,     wire->key,          (*signer)->commonName(),  wire->counter,
        wire->issued_time, wire->expires_time, std::move(wire->payload), std::move(challenge)};
}

}  // namespace camgate::evidence
