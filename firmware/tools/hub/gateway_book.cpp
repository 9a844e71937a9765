#include "tools/hub/gateway_book.hpp"

#include <nlohmann/json.hpp>

#include "base/wall_text.hpp"
#include "tools/hub/fields.hpp"

namespace camgate::hub {

using nlohmann::json;

namespace {

std::string withArrival(json document, WallTime now) {
    document["received"] = formatWallTime(now);
    return toLine(document);
}

}  // namespace

Result<StatusNews> GatewayBook::takeStatus(const std::string& gateway, const json& message, WallTime now) {
    const std::string session = textField(message, "session");
    const auto online = boolField(message, "online");
    if (session.empty() || !online)
        return fail(ErrorKind::InvalidArgument, "a status without session or online");
    const auto last = database_->gateway(gateway);
    if (!last) return std::unexpected(last.error());
    if (!*online && last->session != session) return StatusNews::LateWill;
    StatusNews news = StatusNews::Offline;
    if (*online) news = last->online && last->session == session ? StatusNews::Changed : StatusNews::Online;
    const auto kept = database_->keepStatus(gateway, {session, *online}, withArrival(message, now));
    if (!kept) return std::unexpected(kept.error());
    return news;
}

Status GatewayBook::takeTelemetry(const std::string& gateway, const json& message, WallTime now) {
    return database_->keepTelemetry(gateway, withArrival(message, now));
}

}  // namespace camgate::hub
