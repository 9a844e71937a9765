#include "uplink/certificate_bundle.hpp"

#include <nlohmann/json.hpp>

#include "crypto/identity.hpp"
#include "evidence/bounded_json.hpp"
#include "evidence/object_reader.hpp"

namespace camgate::uplink {
namespace {

using crypto::CertificateRole;
using nlohmann::json;

constexpr std::size_t kLongestBundledPem_bytes = 8192;

Status checkOne(const CertificateBundle& bundle, const GatewayKeys& keys, CertificateRole role,
                const crypto::Certificate& authority, WallTime at) {
    auto key_pem = keys.of(role).toPem();
    if (!key_pem) return std::unexpected(key_pem.error());
    const auto identity = crypto::Identity::fromPem(*key_pem, bundle.of(role));
    if (!identity) return std::unexpected(identity.error());
    const crypto::Certificate& certificate = identity->certificate();
    if (certificate.commonName() != bundle.gateway)
        return fail(ErrorKind::FailedPrecondition, "is for \"" + certificate.commonName() +
                                                       "\", this gateway is \"" + bundle.gateway + "\"");
    const auto& purpose = crypto::rowOf(role).purpose;
    if (purpose && !certificate.hasPurpose(*purpose))
        return fail(ErrorKind::FailedPrecondition,
                    "lacks the purpose `" + std::string(toString(*purpose)) + "`");
    return crypto::verifyChain(certificate, authority, at);
}

}  // namespace

std::string toJson(const CertificateBundle& bundle) {
    json certificates = json::object();
    for (const CertificateRole role : kGatewayRoles)
        certificates[std::string(crypto::rowOf(role).name)] = bundle.of(role);
    const json document{{"v", 1},
                        {"gateway", bundle.gateway},
                        {"authority", bundle.authority_pem},
                        {"certificates", std::move(certificates)}};
    return document.dump(-1, ' ', false, json::error_handler_t::replace);
}

Result<CertificateBundle> readCertificateBundle(std::string_view text) {
    const auto document = evidence::parseBoundedObject(text, kLongestBundle_bytes);
    if (!document) return passOn(document.error(), "certificate bundle");
    evidence::ObjectReader in(*document);
    in.number("v", 1, 1);
    CertificateBundle bundle;
    bundle.gateway = in.word("gateway", 32);
    bundle.authority_pem = in.text("authority", kLongestBundledPem_bytes);
    in.object("certificates", [&bundle](evidence::ObjectReader& certificates) {
        for (const CertificateRole role : kGatewayRoles)
            bundle.of(role) = certificates.text(crypto::rowOf(role).name, kLongestBundledPem_bytes);
    });
    if (auto read = in.status(); !read) return passOn(read.error(), "certificate bundle");
    return bundle;
}

Status checkBundle(const CertificateBundle& bundle, const GatewayKeys& keys, WallTime at) {
    const auto authority = crypto::Certificate::fromPem(bundle.authority_pem);
    if (!authority) return passOn(authority.error(), "the bundle's authority");
    for (const CertificateRole role : kGatewayRoles) {
        auto good = checkOne(bundle, keys, role, *authority, at);
        if (!good)
            return passOn(good.error(),
                          "the bundle's certificate `" + std::string(crypto::rowOf(role).name) + "`");
    }
    return {};
}

}  // namespace camgate::uplink
