#include "evidence/signed_document.hpp"

#include <nlohmann/json.hpp>

#include "evidence/bounded_json.hpp"
#include "evidence/object_reader.hpp"

namespace camgate::evidence {
namespace {

constexpr std::size_t kMaxCertificate_bytes = 16384;

Bytes signedBytes(const DocumentKind& kind, ByteView bytes) {
    ByteWriter out;
    out.putBytes(asBytes(kind.domain));
    out.putBytes(asBytes("\n"));
    out.putBytes(bytes);
    return std::move(out).take();
}

}  // namespace

Result<std::string> signDocument(const DocumentKind& kind, ByteView bytes, const crypto::Identity& signer) {
    const auto signature = signer.key().sign(signedBytes(kind, bytes));
    if (!signature) return passOn(signature.error(), "signing a " + std::string(kind.name));
    const nlohmann::json wrapper{{std::string(kind.name), toBase64(bytes)},
                                 {"cert", signer.certificate().pem()},
                                 {"sig", toBase64(*signature)}};
    return wrapper.dump();
}

Result<SignedDocument> verifyDocument(const DocumentKind& kind, std::string_view text,
                                      const crypto::Certificate& authority, WallTime at) {
    const auto wrapper = parseBoundedObject(text, kind.limit_bytes);
    if (!wrapper) return passOn(wrapper.error(), "signed " + std::string(kind.name));
    ObjectReader in(*wrapper);
    const Bytes bytes = in.base64(kind.name);
    const std::string pem = in.text("cert", kMaxCertificate_bytes);
    const Bytes signature = in.signature("sig");
    if (auto status = in.status(); !status) return passOn(status.error(), "signed " + std::string(kind.name));

    const auto certificate = crypto::Certificate::fromPem(pem);
    if (!certificate) return passOn(certificate.error(), "/cert");
    if (!certificate->hasPurpose(kind.purpose)) {
        return fail(ErrorKind::PermissionDenied, "certificate of \"" + certificate->commonName() +
                                                     "\" lacks the purpose " +
                                                     std::string(crypto::toString(kind.purpose)));
    }
    if (auto chain = verifyChain(*certificate, authority, at); !chain) return std::unexpected(chain.error());
    if (auto proven = certificate->verifySignature(signedBytes(kind, bytes), signature); !proven) {
        return std::unexpected(proven.error());
    }
    return SignedDocument{bytes, certificate->fingerprint(), certificate->commonName()};
}

}  // namespace camgate::evidence
