#include "tools/hub/event_store.hpp"

#include <nlohmann/json.hpp>

#include "base/bytes.hpp"
#include "base/wall_text.hpp"
#include "tools/hub/fields.hpp"
#include "tools/hub/topics.hpp"

namespace camgate::hub {

using nlohmann::json;

namespace {

constexpr std::size_t kMaxStill_bytes = 48U << 10U;

bool isJpeg(ByteView bytes) {
    return bytes.size() > 2 && bytes.size() <= kMaxStill_bytes && bytes[0] == 0xFF && bytes[1] == 0xD8;
}

}  // namespace

Result<EventStore> EventStore::open(FileSystem& files, const std::string& directory, HubDatabase& database,
                                    const Opener& opener) {
    if (auto made = files.makeDirectory(directory + "/stills"); !made) return std::unexpected(made.error());
    return EventStore(files, directory, database, opener);
}

Result<bool> EventStore::take(const std::string& gateway, const std::string& camera, json message,
                              WallTime now) {
    const std::string id = textField(message, "id"), event = textField(message, "event");
    if (!isHexId(id) || !isHexId(event)) return fail(ErrorKind::InvalidArgument, "an event without ids");
    if (textField(message, "camera") != camera)
        return fail(ErrorKind::InvalidArgument, "an event of another camera");
    const auto known = database_->has(RowKind::Event, gateway, id);
    if (!known) return std::unexpected(known.error());
    if (*known) return false;
    if (auto taken = takeStill(gateway, event, message); !taken) return std::unexpected(taken.error());
    message["gateway"] = gateway;
    message["received"] = formatWallTime(now);
    return database_->add(RowKind::Event, {gateway, id, event, textField(message, "start"), toLine(message)});
}

Status EventStore::takeStill(const std::string& gateway, const std::string& event, json& message) {
    const json& still = objectField(message, "still");
    if (still.empty()) return {};
    const auto jpeg = opener_->picture(gateway, event, still);
    message["still"].erase("jpeg");
    message["still"].erase("sealed");
    if (!jpeg || !isJpeg(*jpeg)) return {};
    const std::string name = "stills/" + event + ".jpg";
    if (auto put = replaceFile(*files_, directory_ + "/" + name, asText(*jpeg)); !put) return put;
    message["still"]["file"] = name;
    return {};
}

}  // namespace camgate::hub
