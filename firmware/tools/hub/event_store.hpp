// Events as they came, their stills as pictures in files. One thread.
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>

#include "base/clock.hpp"
#include "tools/hub/database.hpp"
#include "tools/hub/opener.hpp"

namespace camgate::hub {

class EventStore {
  public:
    /// `database` and `opener` outlive the store.
    [[nodiscard]] static Result<EventStore> open(FileSystem& files, const std::string& directory,
                                                 HubDatabase& database, const Opener& opener);

    /// True if the row is new. InvalidArgument: no event, and never will be one.
    [[nodiscard]] Result<bool> take(const std::string& gateway, const std::string& camera,
                                    nlohmann::json message, WallTime now);

  private:
    EventStore(FileSystem& files, std::string directory, HubDatabase& database, const Opener& opener)
        : files_(&files), directory_(std::move(directory)), database_(&database), opener_(&opener) {}
    /// The still's file in the folder; the picture leaves the message.
    [[nodiscard]] Status takeStill(const std::string& gateway, const std::string& event,
                                   nlohmann::json& message);

    FileSystem* files_;
    std::string directory_;
    HubDatabase* database_;
    const Opener* opener_;
};

}  // namespace camgate::hub
