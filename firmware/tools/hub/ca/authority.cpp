#include "tools/hub/ca/authority.hpp"

#include <algorithm>

#include "tools/hub/topics.hpp"

namespace camgate::hub {

using crypto::CertificateIssuer;
using crypto::CertificateRequest;
using crypto::CertificateRole;
using std::chrono::days;

namespace {

constexpr days kHubLifetime{825};
constexpr days kGatewayLifetime{398};

std::string issuingKeyFile(const std::string& folder) {
    return folder + "/issuing.key";
}
std::string issuingCertificateFile(const std::string& folder) {
    return folder + "/issuing.crt";
}

bool isGatewayRole(CertificateRole role) {
    return std::ranges::find(uplink::kGatewayRoles, role) != uplink::kGatewayRoles.end();
}

Status checkOrder(const CertificateOrder& order) {
    if (crypto::rowOf(order.role).key_use == crypto::KeyUse::SignCertificates)
        return fail(ErrorKind::InvalidArgument, "authorities are made by `ca init` alone");
    if (isGatewayRole(order.role) && !uplink::isGatewayId(order.name))
        return fail(ErrorKind::InvalidArgument,
                    "\"" + order.name + "\" is no gateway's id: 1 to 32 of a-z, 0-9 and dash");
    // The broker gives rights by name: what a gateway's id can be, no hub may be called.
    if (order.role == CertificateRole::Connection && !order.name.contains('.'))
        return fail(
            ErrorKind::InvalidArgument,
            "the name of a hub's connection needs a dot, or a gateway could bear it: \"" + order.name + "\"");
    if (order.role == CertificateRole::Broker && order.addresses.empty())
        return fail(ErrorKind::InvalidArgument, "a broker's certificate needs the names it is reached by");
    return {};
}

crypto::CertificateDraft draftOf(CertificateRole role, const std::string& name, const crypto::Serial& serial,
                                 WallTime now, days lifetime) {
    return {role, name, serial, now - kBackdated, now + lifetime, {}};
}

Result<std::string> readFile(FileSystem& files, const std::string& path) {
    auto text = readTextFile(files, path);
    if (!text) return passOn(text.error(), "the authority");
    return text;
}

/// Both certificates and keys of a new authority.
struct Beginning {
    std::string root_key, root, issuing_key, issuing;
};

Result<Beginning> begin(WallTime now, const std::string& name, const AuthorityLifetimes& lifetimes) {
    const auto root_key = crypto::PrivateKey::generate();
    if (!root_key) return std::unexpected(root_key.error());
    const auto issuing_key = crypto::PrivateKey::generate();
    if (!issuing_key) return std::unexpected(issuing_key.error());
    const auto serials = {crypto::newSerial(), crypto::newSerial()};
    for (const auto& serial : serials) {
        if (!serial) return std::unexpected(serial.error());
    }
    Beginning made;
    auto root = CertificateIssuer::selfSign(
        draftOf(CertificateRole::Root, name + " root", **serials.begin(), now, lifetimes.root), *root_key);
    if (!root) return std::unexpected(root.error());
    made.root = std::move(*root);
    auto root_pem = root_key->toPem(), issuing_pem = issuing_key->toPem();
    if (!root_pem) return std::unexpected(root_pem.error());
    if (!issuing_pem) return std::unexpected(issuing_pem.error());
    made.root_key = std::move(*root_pem);
    made.issuing_key = std::move(*issuing_pem);
    const auto issuer = crypto::Identity::fromPem(made.root_key, made.root);
    if (!issuer) return std::unexpected(issuer.error());
    const auto wish = CertificateRequest::make(*issuing_key, name + " issuing");
    if (!wish) return std::unexpected(wish.error());
    const auto request = CertificateRequest::fromPem(*wish);
    if (!request) return std::unexpected(request.error());
    auto issuing = CertificateIssuer::issue(
        draftOf(CertificateRole::Issuing, name + " issuing", **(serials.begin() + 1), now, lifetimes.issuing),
        *request, *issuer);
    if (!issuing) return std::unexpected(issuing.error());
    made.issuing = std::move(*issuing);
    return made;
}

}  // namespace

bool isGateways(const IssuedCertificate& certificate) {
    const auto role = crypto::roleNamed(certificate.role);
    return role && isGatewayRole(*role);
}

std::string rootKeyFile(const std::string& folder) {
    return folder + "/root/root.key";
}

std::string rootCertificateFile(const std::string& folder) {
    return folder + "/root.crt";
}

Status writeNew(FileSystem& files, const std::string& path, std::string_view content) {
    if (files.exists(path))
        return fail(ErrorKind::FailedPrecondition, path + " is there already and is not overwritten");
    return replaceFile(files, path, content);
}

Status Authority::init(FileSystem& files, const Clock& clock, const std::string& folder,
                       const std::string& name, const AuthorityLifetimes& lifetimes) {
    for (const auto& path : {folder, folder + "/root"}) {
        if (auto made = files.makeDirectory(path); !made) return made;
    }
    for (const auto& path : {rootKeyFile(folder), rootCertificateFile(folder), issuingKeyFile(folder)}) {
        if (files.exists(path))
            return fail(ErrorKind::FailedPrecondition, "there is an authority already: " + path);
    }
    const auto made = begin(clock.wallNow().time, name, lifetimes);
    if (!made) return std::unexpected(made.error());
    const std::pair<std::string, const std::string*> parts[]{{rootKeyFile(folder), &made->root_key},
                                                             {issuingKeyFile(folder), &made->issuing_key},
                                                             {issuingCertificateFile(folder), &made->issuing},
                                                             {rootCertificateFile(folder), &made->root}};
    for (const auto& [path, content] : parts) {
        if (auto written = writeNew(files, path, *content); !written) return written;
    }
    auto ledger = CaLedger::open(files, folder + "/issued.jsonl");
    if (!ledger) return std::unexpected(ledger.error());
    const auto issuing = crypto::Certificate::fromPem(made->issuing);
    if (!issuing) return std::unexpected(issuing.error());
    return ledger->add({issuing->serial(), "issuing", issuing->commonName(), issuing->fingerprint(),
                        issuing->notBefore(), issuing->notAfter()});
}

Result<Authority> Authority::open(FileSystem& files, const Clock& clock, const std::string& folder) {
    auto root = readFile(files, rootCertificateFile(folder));
    if (!root) return std::unexpected(root.error());
    const auto key = readFile(files, issuingKeyFile(folder));
    if (!key) return std::unexpected(key.error());
    const auto certificate = readFile(files, issuingCertificateFile(folder));
    if (!certificate) return std::unexpected(certificate.error());
    auto issuer = crypto::Identity::fromPem(*key, *certificate);
    if (!issuer) return passOn(issuer.error(), "the issuing authority");
    auto ledger = CaLedger::open(files, folder + "/issued.jsonl");
    if (!ledger) return std::unexpected(ledger.error());
    return Authority(clock, std::move(*root), std::move(*issuer), std::move(*ledger));
}

Result<std::string> Authority::issue(const CertificateOrder& order, const CertificateRequest& request) {
    if (auto good = checkOrder(order); !good) return std::unexpected(good.error());
    auto serial = crypto::newSerial();
    if (!serial) return std::unexpected(serial.error());
    const days usual = isGatewayRole(order.role) ? kGatewayLifetime : kHubLifetime;
    auto draft = draftOf(order.role, order.name, *serial, clock_->wallNow().time,
                         order.lifetime == days(0) ? usual : order.lifetime);
    draft.addresses = order.addresses;
    auto pem = CertificateIssuer::issue(draft, request, issuer_);
    if (!pem) return std::unexpected(pem.error());
    const auto certificate = crypto::Certificate::fromPem(*pem);
    if (!certificate) return std::unexpected(certificate.error());
    const IssuedCertificate entry{certificate->serial(),
                                  std::string(crypto::rowOf(order.role).name),
                                  order.name,
                                  certificate->fingerprint(),
                                  certificate->notBefore(),
                                  certificate->notAfter()};
    if (auto kept = ledger_.add(entry); !kept) return std::unexpected(kept.error());
    return *pem + issuer_.certificate().pem();
}

Result<uplink::CertificateBundle> Authority::issueBundle(const uplink::EnrolmentRequest& request,
                                                         days lifetime) {
    uplink::CertificateBundle bundle;
    bundle.gateway = request.gateway;
    bundle.authority_pem = root_pem_;
    for (const CertificateRole role : uplink::kGatewayRoles) {
        auto pem = issue({role, request.gateway, lifetime, {}}, request.of(role));
        if (!pem) return std::unexpected(pem.error());
        bundle.of(role) = std::move(*pem);
    }
    return bundle;
}

Status Authority::revoke(const std::string& which, const std::string& reason) {
    return ledger_.revoke(which, clock_->wallNow().time, reason);
}

Result<std::size_t> Authority::revokeGateway(const std::string& gateway, const std::string& reason) {
    const WallTime now = clock_->wallNow().time;
    std::vector<std::string> serials;
    for (const auto& one : ledger_.certificates()) {
        if (isGateways(one) && one.name == gateway && !one.revoked && one.to > now)
            serials.push_back(one.serial);
    }
    if (serials.empty())
        return fail(ErrorKind::NotFound,
                    "\"" + gateway + "\" has no certificate of this authority that is still good");
    for (const auto& serial : serials) {
        if (auto revoked = revoke(serial, reason); !revoked) return std::unexpected(revoked.error());
    }
    return serials.size();
}

}  // namespace camgate::hub
