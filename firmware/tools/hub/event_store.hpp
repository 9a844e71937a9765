// Events as they came, one line each in events.jsonl, their stills as pictures beside it. One thread.
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>

#include "base/clock.hpp"
#include "tools/hub/opener.hpp"
#include "tools/hub/row_log.hpp"

namespace camgate::hub {

class EventStore {
  public:
    /// `opener` outlives the store.
    [[nodiscard]] static Result<EventStore> open(FileSystem& files, const std::string& directory,
                                                 const Opener& opener);

    /// True if the row is new. InvalidArgument: no event, and never will be one.
    [[nodiscard]] Result<bool> take(const std::string& gateway, const std::string& camera,
                                    nlohmann::json message, WallTime now);
    /// What was taken is durable when it returns, and may be receipted.
    [[nodiscard]] Status commit() { return rows_.commit(); }

  private:
    EventStore(FileSystem& files, std::string directory, const Opener& opener, RowLog rows)
        : files_(&files), directory_(std::move(directory)), opener_(&opener), rows_(std::move(rows)) {}
    /// The still's file beside events.jsonl; the picture leaves the message.
    [[nodiscard]] Status takeStill(const std::string& gateway, const std::string& event,
                                   nlohmann::json& message);

    FileSystem* files_;
    std::string directory_;
    const Opener* opener_;
    RowLog rows_;
};

}  // namespace camgate::hub
