#include "evidence/manifest.hpp"

#include "evidence/signed_document.hpp"

namespace camgate::evidence {
namespace {

// Base64 and the certificate around the largest manifest.
constexpr DocumentKind kKind{"manifest", "camgate-manifest-v1", kMaxManifest_bytes / 3 * 4 + 32768};

}  // namespace

Result<std::string> signManifest(const Manifest& manifest, const crypto::Identity& signer) {
    if (signer.certificate().commonName() != manifest.gateway) {
        return fail(ErrorKind::FailedPrecondition, "the evidence certificate is of \"" +
                                                       signer.certificate().commonName() +
                                                       "\", the manifest of \"" + manifest.gateway + "\"");
    }
    return signDocument(kKind, asBytes(toJsonText(manifest)), signer);
}

Result<VerifiedManifest> verifyManifest(std::string_view signed_text, const crypto::Certificate& authority,
                                        WallTime at) {
    const auto document = verifyDocument(kKind, signed_text, authority, at);
    if (!document) return std::unexpected(document.error());
    auto manifest = parseManifest(asText(document->bytes));
    if (!manifest) return std::unexpected(manifest.error());
    if (manifest->gateway != document->signer_name) {
        return fail(ErrorKind::PermissionDenied,
                    "\"" + document->signer_name + "\" signed a manifest of \"" + manifest->gateway + "\"");
    }
    return VerifiedManifest{std::move(*manifest), document->signer};
}

}  // namespace camgate::evidence
