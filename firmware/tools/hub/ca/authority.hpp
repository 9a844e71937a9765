// A small deployment's certificate authority in a folder: a root that signs once and is then carried away,
// and an issuing authority that signs what is needed. Nothing that is there is ever overwritten; keys are
// readable by their owner alone. One thread. Implements docs/ref/hub.md (Certificates).
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <vector>

#include "crypto/certificate_issuer.hpp"
#include "tools/hub/ca/ca_ledger.hpp"
#include "uplink/certificate_bundle.hpp"

namespace camgate::hub {

/// What was made by a clock that is ahead is good at once where clocks are behind.
constexpr std::chrono::hours kBackdated{1};

struct AuthorityLifetimes {
    std::chrono::days root{20 * 365};
    std::chrono::days issuing{5 * 365};
};

struct CertificateOrder {
    crypto::CertificateRole role = crypto::CertificateRole::Transport;
    std::string name;
    std::chrono::days lifetime{0};  ///< 0: as its role has it
    std::vector<std::string> addresses = {};
};

class Authority {
  public:
    /// FailedPrecondition: one is there.
    [[nodiscard]] static Status init(FileSystem& files, const Clock& clock, const std::string& folder,
                                     const std::string& name, const AuthorityLifetimes& lifetimes);
    [[nodiscard]] static Result<Authority> open(FileSystem& files, const Clock& clock,
                                                const std::string& folder);

    /// In PEM, the issuing certificate behind it. InvalidArgument: a name that the role cannot have.
    [[nodiscard]] Result<std::string> issue(const CertificateOrder& order,
                                            const crypto::CertificateRequest& request);
    /// All three of a gateway, or none.
    [[nodiscard]] Result<uplink::CertificateBundle> issueBundle(const uplink::EnrolmentRequest& request,
                                                                std::chrono::days lifetime);
    [[nodiscard]] Status revoke(const std::string& which, const std::string& reason);
    /// All that a gateway has and that is still good: how many. NotFound: none.
    [[nodiscard]] Result<std::size_t> revokeGateway(const std::string& gateway, const std::string& reason);

    const CaLedger& ledger() const { return ledger_; }
    const std::string& rootPem() const { return root_pem_; }
    const crypto::Identity& issuer() const { return issuer_; }

  private:
    Authority(const Clock& clock, std::string root_pem, crypto::Identity issuer, CaLedger ledger)
        : clock_(&clock),
          root_pem_(std::move(root_pem)),
          issuer_(std::move(issuer)),
          ledger_(std::move(ledger)) {}

    const Clock* clock_;
    std::string root_pem_;
    crypto::Identity issuer_;
    CaLedger ledger_;
};

/// Of a gateway, not of a hub or an authority.
bool isGateways(const IssuedCertificate& certificate);
/// Where `init` puts the root's key: the part of the folder that is to be carried away.
std::string rootKeyFile(const std::string& folder);
std::string rootCertificateFile(const std::string& folder);
/// Writes a file that is not there yet. FailedPrecondition: it is.
[[nodiscard]] Status writeNew(FileSystem& files, const std::string& path, std::string_view content);

}  // namespace camgate::hub
