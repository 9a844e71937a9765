// `camgate-hub listen`: connects, takes what comes, connects again when the broker went away. Until SIGINT or
// SIGTERM.
#pragma once

#include "tools/hub/connection.hpp"

namespace camgate::hub {

struct ListenSettings {
    BrokerSettings broker;
    std::string directory;
    std::string name;  ///< of this hub process: its client id and the owner of its clips
    std::string evidence_ca_file;
    std::string countersign_certificate_file;  ///< empty: checkpoints are not countersigned
    std::string countersign_key_file;
    std::string receive_key_file;  ///< empty: what is sealed cannot be opened
    bool quiet = false;
};

/// An exit status.
int listen(const ListenSettings& settings);

}  // namespace camgate::hub
