// `camgate-hub status`: the statuses that the broker keeps, as a table or as JSON. One thread.
#pragma once

#include <map>
#include <nlohmann/json_fwd.hpp>
#include <string>

#include "tools/hub/connection.hpp"

namespace camgate::hub {

/// Pure: gateway to status document.
std::string statusTable(const std::map<std::string, nlohmann::json>& statuses);

/// An exit status; 1 if no gateway has one. `gateway`: empty for all.
int showStatus(const BrokerSettings& broker, const std::string& gateway, bool as_json);

}  // namespace camgate::hub
