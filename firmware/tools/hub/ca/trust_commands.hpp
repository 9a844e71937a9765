// `camgate-hub trust ...`: makes the next trust document with the offline root's key, and hands it to
// gateways. Exit status 0 or 1. One thread. Implements docs/ref/trust.md (Making one).
#pragma once

#include <string>
#include <vector>

#include "tools/hub/connection.hpp"

namespace camgate::hub {

struct TrustOptions {
    std::string folder;         ///< of the authority
    std::string root_key_file;  ///< empty: where `ca init` put it
    std::vector<std::string> certificate_files;
    std::vector<std::string> authority_files;  ///< further roots, for a hand-over
    std::string document_file;                 ///< to be published
    std::vector<std::string> gateways;
};

/// Into `trust.json` of the folder, one version above what is there. What the ledger says is revoked goes in.
int trustSign(const TrustOptions& options);
int trustPublish(const TrustOptions& options, const BrokerSettings& broker);

}  // namespace camgate::hub
