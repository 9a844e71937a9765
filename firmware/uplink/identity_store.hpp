// The gateway's three keys and their certificates in the data folder: in force, on trial, and waiting to be
// certified. Each step is one file written beside, synced and renamed: a power cut leaves it done or not. One
// thread at a time. Implements docs/design/enrolment.md (Renewal).
#pragma once

#include <optional>
#include <string>

#include "base/file_system.hpp"
#include "uplink/certificate_bundle.hpp"

namespace camgate::uplink {

struct GatewayIdentity {
    GatewayKeys keys;
    CertificateBundle bundle;
};

class IdentityStore {
  public:
    /// `files` outlives it.
    IdentityStore(FileSystem& files, std::string folder, std::string gateway)
        : files_(files), folder_(std::move(folder)), gateway_(std::move(gateway)) {}

    /// Nothing: the configuration's files count. Corruption: there is a file, and it is damaged.
    [[nodiscard]] Result<std::optional<GatewayIdentity>> current() const { return load("identity"); }
    [[nodiscard]] Result<std::optional<GatewayIdentity>> onTrial() const { return load("identity.next"); }

    /// For keys that were made before and wait, or for new ones, which are durable when it returns. `code` as
    /// in makeEnrolmentRequest().
    [[nodiscard]] Result<std::string> request(std::string_view code);
    /// On trial from the next start. `authority_pem`: under which the certificates must be; `anchor_pem`:
    /// what is kept as their authority. FailedPrecondition: no request waits; as checkBundle() otherwise.
    [[nodiscard]] Status accept(const CertificateBundle& bundle, const std::string& authority_pem,
                                const std::string& anchor_pem, WallTime at);
    [[nodiscard]] Status promote();
    /// The one on trial did not work; noted, so that it is not tried again at once.
    [[nodiscard]] Status revert(WallTime at);
    /// When one was reverted last.
    std::optional<WallTime> reverted() const;

  private:
    [[nodiscard]] Result<std::optional<GatewayIdentity>> load(const std::string& name) const;
    [[nodiscard]] Status removeIfThere(const std::string& name);
    std::string path(const std::string& name) const { return folder_ + "/" + name; }

    FileSystem& files_;
    std::string folder_;
    std::string gateway_;
};

}  // namespace camgate::uplink
