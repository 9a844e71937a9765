#include "uplink/trust.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "evidence/bounded_json.hpp"
#include "evidence/object_reader.hpp"

namespace camgate::uplink {
namespace {

using crypto::Certificate;
using nlohmann::json;

constexpr std::string_view kDomain = "camgate-trust-v1\n";
constexpr std::size_t kMostAuthorities = 4;
constexpr std::size_t kMostHubs = 16;
constexpr std::size_t kMostRevoked = 256;
constexpr std::size_t kLongestTrustedPem_bytes = 8192;

Bytes signedBytes(std::string_view text) {
    ByteWriter out;
    out.putBytes(asBytes(kDomain));
    out.putBytes(asBytes(text));
    return std::move(out).take();
}

std::string toText(const Trust& trust) {
    json authorities = json::array(), hubs = json::array();
    for (const auto& pem : trust.authorities) authorities.push_back({{"cert", pem}});
    for (const auto& pem : trust.hubs) hubs.push_back({{"cert", pem}});
    const json document{{"v", 1},
                        {"version", trust.version},
                        {"authorities", std::move(authorities)},
                        {"hubs", std::move(hubs)},
                        {"revoked", trust.revoked}};
    return document.dump(-1, ' ', false, json::error_handler_t::replace);
}

std::vector<std::string> readCertificates(evidence::ObjectReader& in, std::string_view field,
                                          std::size_t most) {
    std::vector<std::string> all;
    in.each(field, most, [&all](evidence::ObjectReader& one) {
        std::string pem = one.text("cert", kLongestTrustedPem_bytes);
        if (!Certificate::fromPem(pem)) one.setFault("cert", "a certificate in PEM");
        all.push_back(std::move(pem));
    });
    return all;
}

Result<Trust> parseTrust(std::string_view text) {
    const auto document = evidence::parseBoundedObject(text, kLongestTrust_bytes);
    if (!document) return std::unexpected(document.error());
    evidence::ObjectReader in(*document);
    in.number("v", 1, 1);
    Trust trust;
    trust.version = in.number("version", 1);
    trust.authorities = readCertificates(in, "authorities", kMostAuthorities);
    if (trust.authorities.empty()) in.setFault("authorities", "1 to 4 certificates");
    trust.hubs = readCertificates(in, "hubs", kMostHubs);
    for (const auto& digest : in.digests("revoked", kMostRevoked)) trust.revoked.push_back(toHex(digest));
    if (auto read = in.status(); !read) return std::unexpected(read.error());
    return trust;
}

struct TrustWrapper {
    std::string text;
    Bytes signature;
};

Result<TrustWrapper> readTrustWrapper(std::string_view text) {
    const auto document = evidence::parseBoundedObject(text, kLongestTrust_bytes);
    if (!document) return passOn(document.error(), "trust");
    evidence::ObjectReader in(*document);
    in.number("v", 1, 1);
    TrustWrapper wrapper;
    wrapper.text = asText(in.base64("trust"));
    wrapper.signature = in.base64("sig");
    if (auto read = in.status(); !read) return passOn(read.error(), "trust");
    return wrapper;
}

Result<Trust> content(const TrustWrapper& wrapper) {
    auto trust = parseTrust(wrapper.text);
    if (!trust) return passOn(trust.error(), "trust");
    return trust;
}

}  // namespace

std::string Trust::authorityPem() const {
    std::string all;
    for (const auto& pem : authorities) all += pem;
    return all;
}

Result<std::string> signTrust(const Trust& trust, const crypto::Identity& authority) {
    const std::string text = toText(trust);
    const auto signature = authority.key().sign(signedBytes(text));
    if (!signature) return passOn(signature.error(), "signing trust");
    const json wrapper{{"v", 1}, {"trust", toBase64(asBytes(text))}, {"sig", toBase64(*signature)}};
    std::string whole = wrapper.dump();
    // What no gateway would read must not leave.
    if (auto readable = readVerifiedTrust(whole); !readable) return std::unexpected(readable.error());
    return whole;
}

Result<Trust> verifyTrust(std::string_view text, const std::vector<std::string>& authorities) {
    const auto wrapper = readTrustWrapper(text);
    if (!wrapper) return std::unexpected(wrapper.error());
    const Bytes bytes = signedBytes(wrapper->text);
    const bool proven = std::ranges::any_of(authorities, [&](const std::string& pem) {
        const auto authority = Certificate::fromPem(pem);
        return authority && authority->verifySignature(bytes, wrapper->signature).has_value();
    });
    if (!proven)
        return fail(ErrorKind::PermissionDenied, "trust: not signed by an authority of this gateway");
    return content(*wrapper);
}

Result<Trust> readVerifiedTrust(std::string_view text) {
    const auto wrapper = readTrustWrapper(text);
    if (!wrapper) return std::unexpected(wrapper.error());
    return content(*wrapper);
}

std::vector<Certificate> hubsFor(const Trust& trust, crypto::Purpose purpose) {
    std::vector<Certificate> found;
    for (const auto& pem : trust.hubs) {
        auto certificate = Certificate::fromPem(pem);
        if (certificate && certificate->hasPurpose(purpose) && !isRevoked(trust.revoked, *certificate))
            found.push_back(std::move(*certificate));
    }
    return found;
}

bool isRevoked(const std::vector<std::string>& revoked, const Certificate& certificate) {
    return std::ranges::any_of(certificate.chainFingerprints(), [&revoked](const std::string& fingerprint) {
        return std::ranges::find(revoked, fingerprint) != revoked.end();
    });
}

}  // namespace camgate::uplink
