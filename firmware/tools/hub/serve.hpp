// `camgate-hub serve`: one process of a hub. Two connections to the broker, what is shared among the
// processes and what is for each of them; connects again when the broker went away. Until SIGINT or SIGTERM.
// Implements docs/ref/hub.md (Several processes).
#pragma once

#include "tools/hub/connection.hpp"

namespace camgate::hub {

struct ServeSettings {
    BrokerSettings broker;
    std::string directory;
    std::string name;           ///< of this process: its client id and the owner of its clips
    std::string group = "hub";  ///< of the processes that share the work
    std::string evidence_ca_file;
    std::string countersign_certificate_file;  ///< empty: checkpoints are not countersigned
    std::string countersign_key_file;
    std::string receive_key_file;  ///< empty: what is sealed cannot be opened
    std::string authority_folder;  ///< empty: gateways' certificates are not renewed by this process
    std::string bundles_folder;    ///< empty: this process brings no updates
    std::uint64_t bundles_kbps = 20'000;
    bool quiet = false;
};

/// An exit status.
int serve(const ServeSettings& settings);

}  // namespace camgate::hub
