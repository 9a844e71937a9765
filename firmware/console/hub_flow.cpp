#include "console/hub_flow.hpp"

#include <algorithm>
#include <charconv>
#include <nlohmann/json.hpp>

#include "console/candidate_flow.hpp"
#include "console/json_text.hpp"
#include "console/language.hpp"

namespace camgate::console {
namespace {

using nlohmann::json;

constexpr std::size_t kGroup = 4;
constexpr std::size_t kGroupsInLine = 8;
/// Names that are nobody's: RFC 2606.
constexpr std::string_view kSample = ".example";

std::string text(const HubAddress& hub) {
    return hub.host + ":" + std::to_string(hub.port);
}

std::string idOf(Session& session) {
    const auto status = session.call("status", json::object());
    return status ? textOf(fieldOf(parsedObject(*status), "gateway")) : "-";
}

}  // namespace

Result<HubAddress> parseHubAddress(const std::string& typed) {
    HubAddress hub;
    const auto colon = typed.rfind(':');
    hub.host = typed.substr(0, colon);
    const bool plain = std::ranges::all_of(hub.host, [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' ||
               c == '-';
    });
    bool sound = plain && !hub.host.empty();
    if (colon != std::string::npos) {
        const char* const end = typed.data() + typed.size();
        const auto [rest, error] = std::from_chars(typed.data() + colon + 1, end, hub.port);
        sound = sound && error == std::errc() && rest == end && hub.port != 0;
    }
    if (sound) return hub;
    return fail(ErrorKind::InvalidArgument,
                "\"" + typed + "\": " + tr("expected a name or an address, with :PORT where it is not 8883"));
}

std::string readableFingerprint(const std::string& hex) {
    std::string out;
    for (std::size_t at = 0; at < hex.size(); at += kGroup) {
        const std::size_t group = at / kGroup;
        if (group > 0) out += group % kGroupsInLine == 0 ? "\n" : " ";
        out += hex.substr(at, kGroup);
    }
    return out + "\n";
}

std::string renderInstalled(const std::string& result) {
    if (fieldOf(parsedObject(result), "on_trial") == true)
        return tr("The certificates are tried: they count once the hub was reached with them.\n");
    return tr("The certificates are installed.\n");
}

Result<HubAddress> configuredHub(Session& session) {
    const auto config = session.call("config.show", {{"defaults", true}});
    if (!config) return std::unexpected(config.error());
    const json shown = parsedObject(*config);
    const json& hub = fieldOf(fieldOf(shown, "document"), "hub");
    HubAddress out;
    if (const std::string host = textOf(fieldOf(hub, "host")); !host.ends_with(kSample)) out.host = host;
    if (const json& port = fieldOf(hub, "port"); port.is_number_unsigned()) out.port = port;
    return out;
}

Result<HubAddress> chooseHub(Session& session) {
    auto hub = configuredHub(session);
    if (!hub) return hub;
    const std::string typed = session.askLine(tr("The hub's name or address") +
                                              (hub->host.empty() ? ": " : " [" + text(*hub) + "]: "));
    if (typed.empty()) return hub;
    auto chosen = parseHubAddress(typed);
    if (!chosen || text(*chosen) == text(*hub)) return chosen;
    const auto saved =
        changeSettings(session, {{"hub/host", chosen->host}, {"hub/port", std::to_string(chosen->port)}});
    if (!saved) return std::unexpected(saved.error());
    return chosen;
}

Status enrolByTalk(Session& session, std::optional<std::uint64_t> port) {
    session.say(tr("This gateway has no certificates yet. Call the hub's people; they need its id:") + " " +
                idOf(session) + "\n");
    const std::string code = session.askLine(tr("The one-time code that they tell: "));
    if (code.empty()) return fail(ErrorKind::InvalidArgument, tr("without a code nothing is enrolled"));
    session.sayNow(tr("asking the hub for its root certificate ...") + "\n");
    json parameters = json::object();
    if (port) parameters["port"] = *port;
    const auto root = session.call("hub.root", parameters);
    if (!root) return std::unexpected(root.error());
    const std::string fingerprint = textOf(fieldOf(parsedObject(*root), "fingerprint"));
    session.say(tr("Its fingerprint, to be compared with theirs:") + "\n" + readableFingerprint(fingerprint));
    if (!session.yes(tr("Do they read out the same, to the last character?"), false))
        return fail(ErrorKind::PermissionDenied,
                    tr("another hub answers there: nothing was enrolled; tell the commune"));
    parameters["code"] = code;
    parameters["fingerprint"] = fingerprint;
    session.sayNow(tr("enrolling ...") + "\n");
    const auto done = session.call("hub.enrol", parameters);
    if (!done) return std::unexpected(done.error());
    session.say(renderInstalled(*done));
    return {};
}

}  // namespace camgate::console
