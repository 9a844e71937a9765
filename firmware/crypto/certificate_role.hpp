// What a deployment issues certificates for: a closed table of roles, each with the name that people use,
// what the certificate may be used for and how. Any thread. Implements docs/ref/hub.md (Certificates).
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

#include "base/bytes.hpp"
#include "crypto/purpose.hpp"

namespace camgate::crypto {

enum class CertificateRole : std::uint8_t {
    Root,     ///< signs issuing authorities and trust documents; kept offline
    Issuing,  ///< signs everything below
    Broker,
    Connection,  ///< of a hub process, to the broker
    Command,
    Receive,
    Countersign,
    Release,
    Transport,  ///< of a gateway, to the broker
    Evidence,
    Unwrap,
};

enum class KeyUse : std::uint8_t { SignCertificates, Sign, Agree };

struct RoleRow {
    CertificateRole role;
    std::string_view name;
    KeyUse key_use;
    bool server = false;  ///< usage `serverAuth`
    bool client = false;  ///< usage `clientAuth`
    std::optional<Purpose> purpose = {};
};

const RoleRow& rowOf(CertificateRole role);
std::optional<CertificateRole> roleNamed(std::string_view name);
std::span<const RoleRow> roleTable();

/// The DER value of the extension `extKeyUsage`; empty: the role has none.
Bytes extendedKeyUsageDer(const RoleRow& role);

}  // namespace camgate::crypto
