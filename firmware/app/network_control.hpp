// The box's network as root sets it: a file that is put where systemd-networkd looks, at each start by
// box-setup and now, and networkd told to look. Blocks. One thread. Implements docs/ref/cli.md
// (machine.network).
#pragma once

#include <string>

#include "app/wired_network.hpp"
#include "base/file_system.hpp"

namespace camgate::app {

/// `kept`: the file that lasts; empty on a machine whose network is not camgate's to set: Unavailable.
/// Whatever goes wrong after it was kept holds from the next start on.
[[nodiscard]] Status setNetwork(FileSystem& files, const std::string& kept, const WiredNetwork& network);

}  // namespace camgate::app
