#include "app/credentials.hpp"

#include <string_view>

namespace camgate::app {
namespace {

class CredentialReader {
  public:
    CredentialReader(FileSystem& files, const std::string& folder, Credentials& out)
        : files_(files), folder_(folder), out_(out) {}

    std::optional<std::string> text(const std::string& path) {
        auto content = readTextFile(files_, path.starts_with('/') ? path : folder_ + "/" + path);
        if (content) return std::move(*content);
        out_.faults.push_back(content.error().describe());
        return std::nullopt;
    }

    void fault(const std::string& path, const Error& error) {
        out_.faults.push_back(path + ": " + error.describe());
    }

  private:
    FileSystem& files_;
    const std::string& folder_;
    Credentials& out_;
};

/// The transport's part of what was read, from wherever.
void takeTransport(CredentialReader& read, const std::string& where, const std::string& authority_where,
                   const std::string& gateway, TransportCredentials transport, Credentials& out) {
    const auto identity = crypto::Identity::fromPem(transport.key_pem, transport.certificate_pem);
    if (!identity) return read.fault(where, identity.error());
    if (identity->certificate().commonName() != gateway) {
        out.faults.push_back(where + ": is for \"" + identity->certificate().commonName() +
                             "\", this gateway is \"" + gateway + "\"");
        return;
    }
    auto authority = crypto::Certificate::fromPem(transport.ca_pem);
    if (!authority) return read.fault(authority_where, authority.error());
    out.authority = std::move(*authority);
    out.transport = std::move(transport);
}

void readTransport(CredentialReader& read, const config::Configuration& configuration, Credentials& out) {
    if (configuration.hub.certificate_file.empty()) {
        out.faults.emplace_back("not enrolled: no certificates yet (camgatectl hub enrol)");
        return;
    }
    auto ca = read.text(configuration.hub.ca_file);
    auto certificate = read.text(configuration.hub.certificate_file);
    auto key = read.text(configuration.hub.key_file);
    if (!ca || !certificate || !key) return;
    takeTransport(read, configuration.hub.certificate_file, configuration.hub.ca_file, configuration.gateway,
                  {std::move(*ca), std::move(*certificate), std::move(*key)}, out);
}

void readUnwrap(CredentialReader& read, const crypto::PrivateKey& made, const std::string& certificate_pem,
                Credentials& out) {
    const auto pem = made.toPem();
    if (!pem) return read.fault("identity", pem.error());
    auto key = crypto::AgreementKey::fromPem(*pem);
    const auto certificate = crypto::Certificate::fromPem(certificate_pem);
    if (!key) return read.fault("identity", key.error());
    if (!certificate) return read.fault("identity", certificate.error());
    out.unwrap = std::make_shared<const UnwrapCredentials>(
        UnwrapCredentials{std::move(*key), certificate_pem, certificate->fingerprint()});
}

/// The identity in the data folder, the one on trial first. False: there is none.
bool readIdentity(CredentialReader& read, const std::string& gateway, Credentials& out) {
    auto identity = out.identity->onTrial();
    out.on_trial = identity && identity->has_value();
    if (!out.on_trial) identity = out.identity->current();
    if (!identity) return read.fault("identity", identity.error()), false;
    if (!*identity) return false;
    const auto& [keys, bundle] = **identity;
    const auto transport = keys.of(crypto::CertificateRole::Transport).toPem();
    const auto evidence = keys.of(crypto::CertificateRole::Evidence).toPem();
    if (!transport || !evidence) return false;
    takeTransport(read, "identity", "identity", gateway,
                  {bundle.authority_pem, bundle.of(crypto::CertificateRole::Transport), *transport}, out);
    out.evidence = EvidenceCredentials{*evidence, bundle.of(crypto::CertificateRole::Evidence)};
    readUnwrap(read, keys.of(crypto::CertificateRole::Unwrap), bundle.of(crypto::CertificateRole::Unwrap),
               out);
    return true;
}

/// Each certificate of the file that may command is a signer; others behind it are of its chain.
void readSigners(CredentialReader& read, const std::string& path, Credentials& out) {
    if (path.empty()) return;
    const auto text = read.text(path);
    if (!text) return;
    const auto certificates = crypto::splitPem(*text);
    if (certificates.empty()) out.faults.push_back(path + ": holds no certificate");
    std::vector<std::string> chains;
    for (const auto& pem : certificates) {
        const auto one = crypto::Certificate::fromPem(pem);
        if (!one) {
            read.fault(path, one.error());
        } else if (chains.empty() || one->hasPurpose(crypto::Purpose::Command)) {
            chains.push_back(pem);
        } else {
            chains.back() += pem;
        }
    }
    for (const auto& chain : chains) {
        auto signer = crypto::Certificate::fromPem(chain);
        if (signer) {
            out.signers.push_back(std::move(*signer));
        } else {
            read.fault(path, signer.error());
        }
    }
}

void readEvidence(CredentialReader& read, const config::EvidenceConfig& configured, Credentials& out) {
    if (configured.key_file.empty()) return;
    auto key = read.text(configured.key_file);
    auto certificate = read.text(configured.certificate_file);
    if (!key || !certificate) return;
    const auto identity = crypto::Identity::fromPem(*key, *certificate);
    if (!identity) return read.fault(configured.certificate_file, identity.error());
    if (!identity->certificate().hasPurpose(crypto::Purpose::Evidence)) {
        out.faults.push_back(configured.certificate_file + ": lacks the purpose `evidence`");
        return;
    }
    out.evidence = EvidenceCredentials{std::move(*key), std::move(*certificate)};
}

/// A key of the hub's that is sealed to. Nothing: what is wrong was noted.
std::optional<evidence::DeliveryKey> checkSealTo(CredentialReader& read, const std::string& path,
                                                 const crypto::Certificate& certificate,
                                                 crypto::Purpose purpose, Credentials& out) {
    if (!certificate.hasPurpose(purpose)) {
        out.faults.push_back(path + ": lacks the purpose `" + std::string(toString(purpose)) + "`");
        return std::nullopt;
    }
    if (!out.authority) {
        out.faults.push_back(path + ": nothing to check it against, the hub's CA is of no use");
        return std::nullopt;
    }
    if (uplink::isRevoked(out.revoked(), certificate)) {
        out.faults.push_back(path + ": is revoked");
        return std::nullopt;
    }
    // Whose key it is does not end with the certificate: its dates are not judged.
    const auto chain = crypto::verifyChain(certificate, *out.authority, certificate.notBefore());
    if (!chain) return read.fault(path, chain.error()), std::nullopt;
    const auto point = certificate.publicPoint();
    if (!point) return read.fault(path, point.error()), std::nullopt;
    return evidence::DeliveryKey{*point, certificate.fingerprint()};
}

std::optional<evidence::DeliveryKey> readSealTo(CredentialReader& read, const std::string& path,
                                                crypto::Purpose purpose, Credentials& out) {
    if (path.empty()) return std::nullopt;
    const auto text = read.text(path);
    if (!text) return std::nullopt;
    const auto certificate = crypto::Certificate::fromPem(*text);
    if (!certificate) return read.fault(path, certificate.error()), std::nullopt;
    return checkSealTo(read, path, *certificate, purpose, out);
}

/// The document's authorities and signers stand in place of the configured ones.
void followTrust(CredentialReader& read, FileSystem& files, const std::string& path, Credentials& out) {
    if (!out.transport) return;
    out.anchor_pem = out.transport->ca_pem;
    auto keeper = uplink::TrustKeeper::open(files, path, out.transport->ca_pem);
    if (!keeper) {
        read.fault(path, keeper.error());
        // Who was revoked is not known: nobody commands until the hub's document comes again.
        out.signers.clear();
        keeper = uplink::TrustKeeper::anew(files, path, out.transport->ca_pem);
    }
    out.trust = std::make_shared<uplink::TrustKeeper>(std::move(*keeper));
    const auto& trust = out.trust->current();
    if (!trust) return;
    auto authority = crypto::Certificate::fromPem(trust->authorityPem());
    if (!authority) return read.fault(path, authority.error());
    out.authority = std::move(*authority);
    out.transport->ca_pem = trust->authorityPem();
    out.signers = uplink::hubsFor(*trust, crypto::Purpose::Command);
}

/// The document's newest receive certificate, else the configured one.
void readReceive(CredentialReader& read, const std::string& path, Credentials& out) {
    bool wanted = !path.empty();
    if (out.trust && out.trust->current()) {
        const auto listed = uplink::hubsFor(*out.trust->current(), crypto::Purpose::Receive);
        if (!listed.empty()) {
            wanted = true;
            out.receive = checkSealTo(read, "trust", listed.front(), crypto::Purpose::Receive, out);
        }
    }
    if (!out.receive) out.receive = readSealTo(read, path, crypto::Purpose::Receive, out);
    // Better no hub than footage in clear.
    if (wanted && !out.receive) out.transport.reset();
}

}  // namespace

std::vector<std::string> Credentials::revoked() const {
    return trust && trust->current() ? trust->current()->revoked : std::vector<std::string>();
}

Credentials readCredentials(FileSystem& files, const config::Configuration& configuration,
                            const std::string& folder, const std::string& data_folder) {
    Credentials out;
    CredentialReader read(files, folder, out);
    out.identity = std::make_shared<uplink::IdentityStore>(files, data_folder, configuration.gateway);
    const bool enrolled = readIdentity(read, configuration.gateway, out);
    if (!enrolled) readTransport(read, configuration, out);
    readSigners(read, configuration.hub.signers_file, out);
    followTrust(read, files, data_folder + "/trust", out);
    if (!enrolled) readEvidence(read, configuration.evidence, out);
    const auto release =
        readSealTo(read, configuration.storage.release_certificate_file, crypto::Purpose::Release, out);
    if (release) out.release = release->point;
    readReceive(read, configuration.hub.receive_certificate_file, out);
    return out;
}

}  // namespace camgate::app
