// The gateway's keys and certificates as configured: read at start, each fault named with its file. A fault
// keeps the hub away, not the cameras: footage and outbox go on. Loop thread only after reading.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/file_system.hpp"
#include "config/configuration.hpp"
#include "crypto/certificate.hpp"
#include "crypto/identity.hpp"
#include "evidence/sealed_delivery.hpp"
#include "uplink/identity_store.hpp"
#include "uplink/trust_keeper.hpp"

namespace camgate::app {

/// What a link worker is given.
struct TransportCredentials {
    std::string ca_pem;
    std::string certificate_pem;
    std::string key_pem;
};

/// What manifests are signed with; checked, and made into an Identity by whoever signs (crypto: one thread
/// each).
struct EvidenceCredentials {
    std::string key_pem;
    std::string certificate_pem;
};

/// What the hub seals secrets to.
struct UnwrapCredentials {
    crypto::AgreementKey key;
    std::string certificate_pem;
    std::string fingerprint;
};

struct Credentials {
    std::optional<TransportCredentials> transport;
    std::optional<crypto::Certificate> authority;
    std::vector<crypto::Certificate> signers;
    std::optional<EvidenceCredentials> evidence;      ///< none: manifests are not signed
    std::optional<crypto::PublicPoint> release;       ///< none: footage is sealed to no release key
    std::optional<evidence::DeliveryKey> receive;     ///< none: clips and pictures go in clear
    std::shared_ptr<const UnwrapCredentials> unwrap;  ///< none: the hub can send no secret
    std::shared_ptr<uplink::TrustKeeper> trust;       ///< none: its file or the authority is of no use
    std::shared_ptr<uplink::IdentityStore> identity;
    std::string anchor_pem;  ///< the authority that was enrolled or configured under, whatever trust followed
    bool on_trial = false;   ///< the identity must connect once, or the one before counts again
    std::vector<std::string> faults;  ///< one per file that is of no use, for people

    /// What the trust document in force revokes; none: nothing.
    std::vector<std::string> revoked() const;
};

/// Paths are taken relative to `folder`, the configuration file's. A trust document in `data_folder` goes
/// before what the configuration names.
Credentials readCredentials(FileSystem& files, const config::Configuration& configuration,
                            const std::string& folder, const std::string& data_folder);

}  // namespace camgate::app
