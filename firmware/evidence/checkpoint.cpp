#include "evidence/checkpoint.hpp"

#include <charconv>
#include <nlohmann/json.hpp>

#include "base/wall_text.hpp"
#include "evidence/bounded_json.hpp"
#include "evidence/object_reader.hpp"
#include "evidence/shared_names.hpp"
#include "evidence/signed_document.hpp"

namespace camgate::evidence {
namespace {

using nlohmann::json;

constexpr DocumentKind kCheckpointKind{"checkpoint", "camgate-checkpoint-v1",
                                       kMaxCheckpoint_bytes / 3 * 4 + 32768};

/// Nanoseconds exceed what every JSON reader keeps exact: written as decimal text.
std::int64_t readNanoseconds(ObjectReader& in, std::string_view field) {
    const std::string text = in.text(field, 20);
    std::int64_t value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error != std::errc{} || end != text.data() + text.size())
        in.setFault(field, "nanoseconds as decimal text");
    return value;
}

json timeMapJson(const TimeMap& map) {
    json document = json::object();
    document["offset_ns"] = std::to_string(map.offset.count());
    document["quality"] = nameOf(kWallQualities, map.quality);
    if (map.quality != WallQuality::Unsynced) document["error_ms"] = map.error_bound.count();
    return document;
}

TimeMap readTimeMap(ObjectReader& in) {
    TimeMap map;
    map.offset = Duration(readNanoseconds(in, "offset_ns"));
    map.quality = in.oneOf("quality", kWallQualities);
    if (map.quality != WallQuality::Unsynced)
        map.error_bound = std::chrono::milliseconds(in.number("error_ms", 0));
    return map;
}

json correctionJson(const ClockCorrection& correction) {
    json document = timeMapJson(correction.map);
    document["session"] = sessionText(correction.session);
    document["at_ns"] = std::to_string(correction.at.time_since_epoch().count());
    return document;
}

ClockCorrection readCorrection(ObjectReader& in) {
    ClockCorrection correction;
    correction.map = readTimeMap(in);
    correction.at = BootTime(Duration(readNanoseconds(in, "at_ns")));
    correction.session = readSession(in);
    return correction;
}

LostMessages readLost(ObjectReader& in) {
    LostMessages lost{in.time("first"), in.time("last"), in.number("count", 1)};
    if (lost.last < lost.first) in.setFault("last", "a time not before \"first\"");
    return lost;
}

json lostJson(const LostMessages& lost) {
    return {
        {"first", formatWallTime(lost.first)}, {"last", formatWallTime(lost.last)}, {"count", lost.count}};
}

/// Fields that are absent where there is nothing to say.
void putExtras(const Checkpoint& checkpoint, json& document) {
    if (checkpoint.previous) document["previous"] = toHex(*checkpoint.previous);
    for (const auto& correction : checkpoint.corrections) {
        document["corrections"].push_back(correctionJson(correction));
    }
    if (checkpoint.corrections_left_out > 0)
        document["corrections_left_out"] = checkpoint.corrections_left_out;
    if (checkpoint.lost_messages) document["lost_messages"] = lostJson(*checkpoint.lost_messages);
    if (checkpoint.lost_of_gateway) document["lost_of_gateway"] = lostJson(*checkpoint.lost_of_gateway);
    if (checkpoint.audit)
        document["audit"] = {{"number", checkpoint.audit->number}, {"hash", toHex(checkpoint.audit->hash)}};
}

void readExtras(ObjectReader& in, Checkpoint& checkpoint) {
    if (in.has("previous")) checkpoint.previous = in.digest("previous");
    if (in.has("corrections")) {
        in.each("corrections", kMaxCorrections, [&](ObjectReader& correction) {
            checkpoint.corrections.push_back(readCorrection(correction));
        });
    }
    if (in.has("corrections_left_out"))
        checkpoint.corrections_left_out = in.number("corrections_left_out", 1);
    if (in.has("lost_messages"))
        in.object("lost_messages", [&](ObjectReader& lost) { checkpoint.lost_messages = readLost(lost); });
    if (in.has("lost_of_gateway"))
        in.object("lost_of_gateway",
                  [&](ObjectReader& lost) { checkpoint.lost_of_gateway = readLost(lost); });
    if (in.has("audit")) {
        in.object("audit", [&](ObjectReader& head) {
            checkpoint.audit = AuditHead{head.number("number", 1), head.digest("hash")};
        });
    }
}

RecordId readId(ObjectReader& in, std::string_view field) {
    RecordId id;
    in.object(field, [&](ObjectReader& inner) { id = readRecordId(inner); });
    return id;
}

}  // namespace

bool Checkpoint::operator==(const Checkpoint& other) const {
    return canonicalText(*this) == canonicalText(other);
}

std::string canonicalText(const Checkpoint& checkpoint) {
    json document{{"v", 1},
                  {"gateway", checkpoint.gateway},
                  {"camera", checkpoint.camera},
                  {"stream", nameOf(kStreams, checkpoint.stream)},
                  {"ring", checkpoint.ring},
                  {"first", toJson(checkpoint.first)},
                  {"last", toJson(checkpoint.last)},
                  {"leaves", checkpoint.leaves},
                  {"from", formatWallTime(checkpoint.from)},
                  {"to", formatWallTime(checkpoint.to)},
                  {"root", toHex(checkpoint.root)},
                  {"time_map", timeMapJson(checkpoint.time_map)},
                  {"made_ns", std::to_string(checkpoint.made.time_since_epoch().count())},
                  {"watermark", toJson(checkpoint.watermark)}};
    putExtras(checkpoint, document);
    return document.dump(-1, ' ', false, json::error_handler_t::replace);
}

crypto::Digest digestOf(const Checkpoint& checkpoint) {
    return crypto::sha256(asBytes(canonicalText(checkpoint)));
}

Result<Checkpoint> parseCheckpoint(std::string_view text) {
    const auto document = parseBoundedObject(text, kMaxCheckpoint_bytes);
    if (!document) return passOn(document.error(), "checkpoint");
    ObjectReader in(*document);
    Checkpoint checkpoint;
    in.number("v", 1, 1);
    checkpoint.gateway = in.word("gateway", 64);
    checkpoint.camera = in.word("camera", 64);
    checkpoint.stream = in.oneOf("stream", kStreams);
    checkpoint.ring = in.word("ring", 64);
    checkpoint.first = readId(in, "first");
    checkpoint.last = readId(in, "last");
    checkpoint.leaves = in.number("leaves", 1);
    checkpoint.from = in.time("from");
    checkpoint.to = in.time("to");
    if (checkpoint.to < checkpoint.from) in.setFault("to", "a time not before \"from\"");
    checkpoint.root = in.digest("root");
    readExtras(in, checkpoint);
    in.object("time_map", [&](ObjectReader& map) { checkpoint.time_map = readTimeMap(map); });
    checkpoint.made = BootTime(Duration(readNanoseconds(in, "made_ns")));
    checkpoint.watermark = readId(in, "watermark");
    if (auto status = in.status(); !status) return passOn(status.error(), "checkpoint");
    return checkpoint;
}

Result<std::string> signCheckpoint(const Checkpoint& checkpoint, const crypto::Identity& signer) {
    if (signer.certificate().commonName() != checkpoint.gateway) {
        return fail(ErrorKind::FailedPrecondition,
                    "the evidence certificate is of \"" + signer.certificate().commonName() +
                        "\", the checkpoint of \"" + checkpoint.gateway + "\"");
    }
    return signDocument(kCheckpointKind, asBytes(canonicalText(checkpoint)), signer);
}

Result<Checkpoint> readSignedCheckpoint(std::string_view signed_text) {
    const auto wrapper = parseBoundedObject(signed_text, kCheckpointKind.limit_bytes);
    if (!wrapper) return passOn(wrapper.error(), "signed checkpoint");
    ObjectReader in(*wrapper);
    const Bytes bytes = in.base64(kCheckpointKind.name);
    if (auto status = in.status(); !status) return passOn(status.error(), "signed checkpoint");
    return parseCheckpoint(asText(bytes));
}

Result<VerifiedCheckpoint> verifyCheckpoint(std::string_view signed_text,
                                            const crypto::Certificate& authority, WallTime at) {
    const auto document = verifyDocument(kCheckpointKind, signed_text, authority, at);
    if (!document) return std::unexpected(document.error());
    auto checkpoint = parseCheckpoint(asText(document->bytes));
    if (!checkpoint) return std::unexpected(checkpoint.error());
    if (checkpoint->gateway != document->signer_name) {
        return fail(
            ErrorKind::PermissionDenied,
            "\"" + document->signer_name + "\" signed a checkpoint of \"" + checkpoint->gateway + "\"");
    }
    return VerifiedCheckpoint{std::move(*checkpoint), crypto::sha256(document->bytes), document->signer};
}

}  // namespace camgate::evidence
