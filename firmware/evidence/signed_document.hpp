// A document with a detached signature over its exact bytes, so that nobody need agree on canonical JSON:
// {"<name>": "<base64 of the bytes>", "cert": "<pem>", "sig": "<base64>"}, signed over a domain line and the
// bytes. What manifests, checkpoints and countersignatures travel in. One thread (see crypto). Implements
// docs/ref/evidence.md.
#pragma once

#include <string>
#include <string_view>

#include "base/bytes.hpp"
#include "base/clock.hpp"
#include "crypto/identity.hpp"

namespace camgate::evidence {

struct DocumentKind {
    std::string_view name;    ///< the field that holds the bytes
    std::string_view domain;  ///< keeps one kind's signature from passing for another's
    std::size_t limit_bytes;  ///< of the wrapper
    crypto::Purpose purpose = crypto::Purpose::Evidence;  ///< of the key that may sign it
};

struct SignedDocument {
    Bytes bytes;
    std::string signer;       ///< fingerprint of the certificate
    std::string signer_name;  ///< its common name: the gateway or the hub
};

[[nodiscard]] Result<std::string> signDocument(const DocumentKind& kind, ByteView bytes,
                                               const crypto::Identity& signer);

/// InvalidArgument: not such a document. PermissionDenied: not signed by a key with the kind's purpose under
/// `authority` that is valid at `at`.
[[nodiscard]] Result<SignedDocument> verifyDocument(const DocumentKind& kind, std::string_view text,
                                                    const crypto::Certificate& authority, WallTime at);

}  // namespace camgate::evidence
