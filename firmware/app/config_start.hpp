// Which configuration a start runs by: the newest revision that passed its trial, unless the --config file is
// another than when it was last taken. Any thread. Implements docs/ref/config-store.md and
// docs/design/configuration.md.
#pragma once

#include <optional>
#include <string>

#include "app/secret_store.hpp"
#include "base/clock.hpp"
#include "config/board.hpp"
#include "config/reader.hpp"
#include "config/revision_store.hpp"

namespace camgate::app {

struct ConfigSources {
    FileSystem& files;
    const Clock& clock;
    const config::Board& board;
    std::string file;         ///< --config
    std::string data_folder;  ///< of store and secrets
};

struct StartingConfig {
    std::optional<config::RevisionStore> store;  ///< none: nothing can be kept, so nothing is changed
    config::History history;
    config::Configuration configuration;  ///< of history.current, no secret in it
    config::Secrets secrets;
};

/// InvalidArgument lists every fault: there is neither a sound file nor a revision that is kept.
[[nodiscard]] Result<StartingConfig> startingConfig(const ConfigSources& sources);

}  // namespace camgate::app
