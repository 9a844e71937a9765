#include "evidence/countersignature.hpp"

#include <nlohmann/json.hpp>

#include "base/wall_text.hpp"
#include "evidence/bounded_json.hpp"
#include "evidence/object_reader.hpp"
#include "evidence/signed_document.hpp"

namespace camgate::evidence {
namespace {

constexpr DocumentKind kCountersignatureKind{"countersignature", "camgate-countersignature-v1",
                                             kMaxCountersignature_bytes / 3 * 4 + 32768,
                                             crypto::Purpose::Countersign};

std::string toText(const Countersignature& countersignature) {
    const nlohmann::json document{{"v", 1},
                                  {"hub", countersignature.hub},
                                  {"gateway", countersignature.gateway},
                                  {"checkpoint", toHex(countersignature.checkpoint)},
                                  {"received", formatWallTime(countersignature.received)}};
    return document.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}

Result<Countersignature> parse(std::string_view text) {
    const auto document = parseBoundedObject(text, kMaxCountersignature_bytes);
    if (!document) return passOn(document.error(), "countersignature");
    ObjectReader in(*document);
    in.number("v", 1, 1);
    Countersignature countersignature;
    countersignature.hub = in.text("hub", 64);
    countersignature.gateway = in.word("gateway", 64);
    countersignature.checkpoint = in.digest("checkpoint");
    countersignature.received = in.time("received");
    if (auto status = in.status(); !status) return passOn(status.error(), "countersignature");
    return countersignature;
}

}  // namespace

Result<std::string> signCountersignature(const Countersignature& countersignature,
                                         const crypto::Identity& signer) {
    if (signer.certificate().commonName() != countersignature.hub) {
        return fail(ErrorKind::FailedPrecondition, "the countersigning certificate is of \"" +
                                                       signer.certificate().commonName() + "\", not of \"" +
                                                       countersignature.hub + "\"");
    }
    return signDocument(kCountersignatureKind, asBytes(toText(countersignature)), signer);
}

Result<Countersignature> verifyCountersignature(std::string_view signed_text,
                                                const crypto::Certificate& authority, WallTime at) {
    const auto document = verifyDocument(kCountersignatureKind, signed_text, authority, at);
    if (!document) return std::unexpected(document.error());
    auto countersignature = parse(asText(document->bytes));
    if (!countersignature) return countersignature;
    if (countersignature->hub != document->signer_name) {
        return fail(ErrorKind::PermissionDenied, "\"" + document->signer_name +
                                                     "\" signed a countersignature of \"" +
                                                     countersignature->hub + "\"");
    }
    return countersignature;
}

Result<Countersignature> verifyCountersignatureAsOfThen(std::string_view signed_text,
                                                        const crypto::Certificate& authority) {
    const auto wrapper = parseBoundedObject(signed_text, kCountersignatureKind.limit_bytes);
    if (!wrapper) return passOn(wrapper.error(), "signed countersignature");
    ObjectReader in(*wrapper);
    const auto said = parse(asText(in.base64(kCountersignatureKind.name)));
    if (!said) return said;
    return verifyCountersignature(signed_text, authority, said->received);
}

}  // namespace camgate::evidence
