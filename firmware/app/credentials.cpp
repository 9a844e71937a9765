#include "app/credentials.hpp"

#include <string_view>

namespace camgate::app {
namespace {

constexpr std::string_view kBegin = "-----BEGIN CERTIFICATE-----";

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

void readTransport(CredentialReader& read, const config::Configuration& configuration, Credentials& out) {
    auto ca = read.text(configuration.hub.ca_file);
    auto certificate = read.text(configuration.hub.certificate_file);
    auto key = read.text(configuration.hub.key_file);
    if (!ca || !certificate || !key) return;
    const auto identity = crypto::Identity::fromPem(*key, *certificate);
    if (!identity) return read.fault(configuration.hub.certificate_file, identity.error());
    if (identity->certificate().commonName() != configuration.gateway) {
        out.faults.push_back(configuration.hub.certificate_file + ": is for \"" +
                             identity->certificate().commonName() + "\", this gateway is \"" +
                             configuration.gateway + "\"");
        return;
    }
    auto authority = crypto::Certificate::fromPem(*ca);
    if (!authority) return read.fault(configuration.hub.ca_file, authority.error());
    out.authority = std::move(*authority);
    out.transport = TransportCredentials{std::move(*ca), std::move(*certificate), std::move(*key)};
}

/// Each certificate of the file is a signer of its own.
void readSigners(CredentialReader& read, const std::string& path, Credentials& out) {
    if (path.empty()) return;
    const auto text = read.text(path);
    if (!text) return;
    auto at = text->find(kBegin);
    if (at == std::string::npos) out.faults.push_back(path + ": holds no certificate");
    while (at != std::string::npos) {
        const auto next = text->find(kBegin, at + kBegin.size());
        auto signer =
            crypto::Certificate::fromPem(text->substr(at, next == std::string::npos ? next : next - at));
        if (signer) {
            out.signers.push_back(std::move(*signer));
        } else {
            read.fault(path, signer.error());
        }
        at = next;
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

/// A key of the hub's that is sealed to. Nothing: `path` is empty, or what is wrong was noted.
std::optional<evidence::DeliveryKey> readSealTo(CredentialReader& read, const std::string& path,
                                                crypto::Purpose purpose, Credentials& out) {
    if (path.empty()) return std::nullopt;
    const auto text = read.text(path);
    if (!text) return std::nullopt;
    const auto certificate = crypto::Certificate::fromPem(*text);
    if (!certificate) return read.fault(path, certificate.error()), std::nullopt;
    if (!certificate->hasPurpose(purpose)) {
        out.faults.push_back(path + ": lacks the purpose `" + std::string(toString(purpose)) + "`");
        return std::nullopt;
    }
    if (!out.authority) {
        out.faults.push_back(path + ": nothing to check it against, the hub's CA is of no use");
        return std::nullopt;
    }
    // Whose key it is does not end with the certificate: its dates are not judged.
    const auto chain = crypto::verifyChain(*certificate, *out.authority, certificate->notBefore());
    if (!chain) return read.fault(path, chain.error()), std::nullopt;
    const auto point = certificate->publicPoint();
    if (!point) return read.fault(path, point.error()), std::nullopt;
    return evidence::DeliveryKey{*point, certificate->fingerprint()};
}

}  // namespace

Credentials readCredentials(FileSystem& files, const config::Configuration& configuration,
                            const std::string& folder) {
    Credentials out;
    CredentialReader read(files, folder, out);
    readTransport(read, configuration, out);
    readSigners(read, configuration.hub.signers_file, out);
    readEvidence(read, configuration.evidence, out);
    const auto release =
        readSealTo(read, configuration.storage.release_certificate_file, crypto::Purpose::Release, out);
    if (release) out.release = release->point;
    const std::string& receive = configuration.hub.receive_certificate_file;
    out.receive = readSealTo(read, receive, crypto::Purpose::Receive, out);
    // Better no hub than footage in clear.
    if (!receive.empty() && !out.receive) out.transport.reset();
    return out;
}

}  // namespace camgate::app
