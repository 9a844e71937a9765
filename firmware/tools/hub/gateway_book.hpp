// What each gateway last said of itself, in `gateways/<id>/status.json` and `telemetry.json`. A late will of
// an earlier session is not believed: only the newest session that was seen being born can end. One thread.
#pragma once

#include <map>
#include <nlohmann/json_fwd.hpp>
#include <string>

#include "base/clock.hpp"
#include "base/file_system.hpp"

namespace camgate::hub {

enum class StatusNews { Online, Changed, Offline, LateWill };

class GatewayBook {
  public:
    [[nodiscard]] static Result<GatewayBook> open(FileSystem& files, const std::string& directory);

    [[nodiscard]] Result<StatusNews> takeStatus(const std::string& gateway, const nlohmann::json& message,
                                                WallTime now);
    [[nodiscard]] Status takeTelemetry(const std::string& gateway, const nlohmann::json& message,
                                       WallTime now);

  private:
    struct Known {
        std::string session;  ///< of the newest birth
        bool online = false;
    };
    GatewayBook(FileSystem& files, std::string directory)
        : files_(&files), directory_(std::move(directory)) {}
    /// As it was before a restart, if it is not known yet.
    Known& known(const std::string& gateway);
    [[nodiscard]] Status keep(const std::string& gateway, const std::string& name, nlohmann::json document,
                              WallTime now);

    FileSystem* files_;
    std::string directory_;
    std::map<std::string, Known> known_;
};

}  // namespace camgate::hub
