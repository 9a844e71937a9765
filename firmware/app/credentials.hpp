// The gateway's keys and certificates as configured: read at start, each fault named with its file. A fault
// keeps the hub away, not the cameras: footage and outbox go on. Loop thread only after reading.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/file_system.hpp"
#include "config/configuration.hpp"
#include "crypto/certificate.hpp"
#include "crypto/identity.hpp"
#include "evidence/sealed_delivery.hpp"

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

struct Credentials {
    std::optional<TransportCredentials> transport;
    std::optional<crypto::Certificate> authority;
    std::vector<crypto::Certificate> signers;
    std::optional<EvidenceCredentials> evidence;   ///< none: manifests are not signed
    std::optional<crypto::PublicPoint> release;    ///< none: footage is sealed to no release key
    std::optional<evidence::DeliveryKey> receive;  ///< none: clips and pictures go in clear
    std::vector<std::string> faults;               ///< one per file that is of no use, for people
};

/// Paths are taken relative to `folder`, the configuration file's.
Credentials readCredentials(FileSystem& files, const config::Configuration& configuration,
                            const std::string& folder);

}  // namespace camgate::app
