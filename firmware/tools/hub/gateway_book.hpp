// What each gateway last said of itself. A late will of an earlier session is not believed: only the newest
// session that was seen being born can end. One thread.
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>

#include "base/clock.hpp"
#include "tools/hub/database.hpp"

namespace camgate::hub {

enum class StatusNews { Online, Changed, Offline, LateWill };

class GatewayBook {
  public:
    /// `database` outlives it.
    explicit GatewayBook(HubDatabase& database) : database_(&database) {}

    [[nodiscard]] Result<StatusNews> takeStatus(const std::string& gateway, const nlohmann::json& message,
                                                WallTime now);
    [[nodiscard]] Status takeTelemetry(const std::string& gateway, const nlohmann::json& message,
                                       WallTime now);

  private:
    HubDatabase* database_;
};

}  // namespace camgate::hub
