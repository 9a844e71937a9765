#include "tools/hub/gateway_book.hpp"

#include <nlohmann/json.hpp>

#include "base/wall_text.hpp"
#include "tools/hub/fields.hpp"

namespace camgate::hub {

using nlohmann::json;

Result<GatewayBook> GatewayBook::open(FileSystem& files, const std::string& directory) {
    if (auto made = files.makeDirectory(directory); !made) return std::unexpected(made.error());
    return GatewayBook(files, directory);
}

GatewayBook::Known& GatewayBook::known(const std::string& gateway) {
    const auto [found, fresh] = known_.try_emplace(gateway);
    if (!fresh) return found->second;
    const auto text = readTextFile(*files_, directory_ + "/" + gateway + "/status.json");
    const json status = text ? json::parse(*text, nullptr, false) : json();
    found->second = {textField(status, "session"), boolField(status, "online").value_or(false)};
    return found->second;
}

Result<StatusNews> GatewayBook::takeStatus(const std::string& gateway, const json& message, WallTime now) {
    const std::string session = textField(message, "session");
    const auto online = boolField(message, "online");
    if (session.empty() || !online)
        return fail(ErrorKind::InvalidArgument, "a status without session or online");
    Known& last = known(gateway);
    if (!*online && last.session != session) return StatusNews::LateWill;
    StatusNews news = StatusNews::Offline;
    if (*online) news = last.online && last.session == session ? StatusNews::Changed : StatusNews::Online;
    last = {session, *online};
    if (auto kept = keep(gateway, "status.json", message, now); !kept) return std::unexpected(kept.error());
    return news;
}

Status GatewayBook::takeTelemetry(const std::string& gateway, const json& message, WallTime now) {
    return keep(gateway, "telemetry.json", message, now);
}

Status GatewayBook::keep(const std::string& gateway, const std::string& name, json document, WallTime now) {
    const std::string folder = directory_ + "/" + gateway;
    if (auto made = files_->makeDirectory(folder); !made) return made;
    document["received"] = formatWallTime(now);
    return replaceFile(*files_, folder + "/" + name,
                       document.dump(2, ' ', false, json::error_handler_t::replace) + "\n");
}

}  // namespace camgate::hub
