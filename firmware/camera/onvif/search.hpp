// Looks for cameras on the household's network: WS-Discovery, and, only when asked, open RTSP ports of the
// own subnet. Blocking, bounded in time; one thread.
#pragma once

#include <vector>

#include "ipc/finder_messages.hpp"

namespace camgate::onvif {

/// NotFound: no such interface. Answers that lie or make no sense are left out; of those that never end, the
/// first 64 cameras within `listen_ms` count.
[[nodiscard]] Result<std::vector<ipc::FoundCamera>> search(const ipc::FinderSearch& asked);

}  // namespace camgate::onvif
