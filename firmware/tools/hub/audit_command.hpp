// `camgate-hub audit DIR...`: who asked gateways for what, and whether their chains hold. One thread.
#pragma once

#include <string>
#include <vector>

namespace camgate::hub {

/// The folders of all processes of one hub: an entry comes to any of them. `gateway`: empty for all. Exit
/// statuses: 0 all hold, 1 one does not, or a folder cannot be read.
int showAudit(const std::vector<std::string>& directories, const std::string& gateway);

}  // namespace camgate::hub
