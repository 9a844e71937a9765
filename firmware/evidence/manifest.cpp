#include "evidence/manifest.hpp"

#include <nlohmann/json.hpp>

#include "evidence/bounded_json.hpp"
#include "evidence/object_reader.hpp"
#include "evidence/signed_document.hpp"

namespace camgate::evidence {
namespace {

// Base64 and the certificate around the largest manifest.
constexpr std::size_t kMaxSigned_bytes = kMaxManifest_bytes / 3 * 4 + 32768;

/// The clip's hash is signed with the manifest, and comes after it: the manifest is said before all is read.
DocumentKind kindFor(std::string_view domain) {
    return {"manifest", domain, kMaxSigned_bytes};
}

std::string domainWith(std::string_view sha256_hex) {
    return "camgate-manifest-v2\n" + std::string(sha256_hex);
}

struct Signed {
    std::string sha256;
    Bytes manifest;
};

Result<Signed> readWrapper(std::string_view signed_text) {
    const auto wrapper = parseBoundedObject(signed_text, kMaxSigned_bytes);
    if (!wrapper) return passOn(wrapper.error(), "signed manifest");
    ObjectReader in(*wrapper);
    Signed parts{toHex(in.digest("sha256")), in.base64("manifest")};
    if (auto status = in.status(); !status) return passOn(status.error(), "signed manifest");
    return parts;
}

}  // namespace

Result<std::string> signManifest(const Manifest& manifest, std::string_view sha256_hex,
                                 const crypto::Identity& signer) {
    if (signer.certificate().commonName() != manifest.gateway) {
        return fail(ErrorKind::FailedPrecondition, "the evidence certificate is of \"" +
                                                       signer.certificate().commonName() +
                                                       "\", the manifest of \"" + manifest.gateway + "\"");
    }
    if (auto digest = crypto::digestFromHex(sha256_hex); !digest) return std::unexpected(digest.error());
    const std::string domain = domainWith(sha256_hex);
    auto text = signDocument(kindFor(domain), asBytes(toJsonText(manifest)), signer);
    if (!text) return text;
    return R"({"sha256":")" + std::string(sha256_hex) + "\"," + text->substr(1);
}

Result<VerifiedManifest> readSignedManifest(std::string_view signed_text) {
    const auto parts = readWrapper(signed_text);
    if (!parts) return std::unexpected(parts.error());
    auto manifest = parseManifest(asText(parts->manifest));
    if (!manifest) return std::unexpected(manifest.error());
    return VerifiedManifest{std::move(*manifest), parts->sha256, ""};
}

Result<VerifiedManifest> verifyManifest(std::string_view signed_text, const crypto::Certificate& authority,
                                        WallTime at) {
    auto read = readSignedManifest(signed_text);
    if (!read) return read;
    const std::string domain = domainWith(read->sha256);
    const auto document = verifyDocument(kindFor(domain), signed_text, authority, at);
    if (!document) return std::unexpected(document.error());
    if (read->manifest.gateway != document->signer_name) {
        return fail(ErrorKind::PermissionDenied, "\"" + document->signer_name + "\" signed a manifest of \"" +
                                                     read->manifest.gateway + "\"");
    }
    read->signer = document->signer;
    return read;
}

}  // namespace camgate::evidence
