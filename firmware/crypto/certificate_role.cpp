#include "crypto/certificate_role.hpp"

#include <mbedtls/asn1.h>
#include <mbedtls/oid.h>

#include <algorithm>
#include <array>

#include "crypto/der.hpp"

namespace camgate::crypto {
namespace {

using enum CertificateRole;

constexpr std::array kRoles{
    RoleRow{Root, "root", KeyUse::SignCertificates},
    RoleRow{Issuing, "issuing", KeyUse::SignCertificates},
    RoleRow{Broker, "broker", KeyUse::Sign, true},
    RoleRow{Connection, "connection", KeyUse::Sign, false, true},
    RoleRow{Command, "command", KeyUse::Sign, false, false, Purpose::Command},
    RoleRow{Receive, "receive", KeyUse::Agree, false, false, Purpose::Receive},
    RoleRow{Countersign, "countersign", KeyUse::Sign, false, false, Purpose::Countersign},
    RoleRow{Release, "release", KeyUse::Agree, false, false, Purpose::Release},
    RoleRow{Transport, "transport", KeyUse::Sign, false, true},
    RoleRow{Evidence, "evidence", KeyUse::Sign, false, false, Purpose::Evidence},
    RoleRow{Unwrap, "unwrap", KeyUse::Agree, false, false, Purpose::Unwrap},
};

ByteView viewOf(std::string_view oid) {
    return asBytes(oid);
}

}  // namespace

const RoleRow& rowOf(CertificateRole role) {
    return kRoles.at(static_cast<std::size_t>(role));
}

std::optional<CertificateRole> roleNamed(std::string_view name) {
    const auto found = std::ranges::find(kRoles, name, &RoleRow::name);
    return found == kRoles.end() ? std::nullopt : std::optional(found->role);
}

std::span<const RoleRow> roleTable() {
    return kRoles;
}

Bytes extendedKeyUsageDer(const RoleRow& role) {
    ByteWriter usages;
    if (role.server) putElement(usages, MBEDTLS_ASN1_OID, viewOf(MBEDTLS_OID_SERVER_AUTH));
    if (role.client) putElement(usages, MBEDTLS_ASN1_OID, viewOf(MBEDTLS_OID_CLIENT_AUTH));
    if (role.purpose) putElement(usages, MBEDTLS_ASN1_OID, derOid(*role.purpose));
    if (usages.size() == 0) return {};
    return element(MBEDTLS_ASN1_CONSTRUCTED | MBEDTLS_ASN1_SEQUENCE, usages.bytes());
}

}  // namespace camgate::crypto
