#include <nlohmann/json.hpp>

#include "console/json_text.hpp"
#include "console/language.hpp"
#include "console/pin_dialog.hpp"
#include "console/table_text.hpp"
#include "console/verbs.hpp"

namespace camgate::console {

using nlohmann::json;

Status askNewPin(Session& session, const std::string& role) {
    const std::string pin = session.askLine(tr("new PIN, at least 6 characters: "), true);
    if (session.askLine(tr("the same again: "), true) != pin)
        return fail(ErrorKind::InvalidArgument, tr("these were two different PINs"));
    const auto set = session.call("login.set", {{"role", role}, {"pin", pin}});
    if (!set) return std::unexpected(set.error());
    const json given = parsedObject(*set);
    if (given.contains("ticket")) session.useTicket(textOf(given["ticket"]), textOf(fieldOf(given, "role")));
    return {};
}

namespace verbs {
namespace {

std::string renderLogin(const std::string& result) {
    const json answer = parsedObject(result);
    std::vector<Row> rows;
    for (const auto& [role, pin] : fieldOf(answer, "pins").items()) {
        std::string text = fieldOf(pin, "set") == true ? tr("set") : tr("unset");
        if (const json& wait = fieldOf(pin, "wait_s"); wait.is_number())
            text += ", " + tr("locked for") + " " + wait.dump() + " s";
        rows.push_back({"PIN " + role, text});
    }
    rows.push_back({tr("logged in"), textOf(fieldOf(answer, "role"))});
    return tableText(rows);
}

}  // namespace

int login(Session& session, const Arguments& arguments) {
    const std::string role = arguments.text("ROLE");
    const std::string pin = session.askLine("PIN: ", true);
    const auto answer = session.call("login", {{"role", role}, {"pin", pin}});
    if (!answer) return session.failed(answer.error());
    const json given = parsedObject(*answer);
    session.useTicket(textOf(fieldOf(given, "ticket")), textOf(fieldOf(given, "role")));
    session.say(tr("logged in:") + " " + session.role() + "\n");
    return 0;
}

int setPin(Session& session, const Arguments& arguments) {
    if (auto done = askNewPin(session, arguments.text("ROLE")); !done) return session.failed(done.error());
    session.say(tr("done") + "\n");
    return 0;
}

int loginStatus(Session& session, const Arguments&) {
    return session.ask("login.state", json::object(), renderLogin);
}

int logout(Session& session, const Arguments&) {
    if (!session.ticket().empty()) {
        const auto done = session.call("logout", {{"ticket", session.ticket()}});
        if (!done) return session.failed(done.error());
    }
    session.useTicket("", "");
    session.say(tr("done") + "\n");
    return 0;
}

}  // namespace verbs
}  // namespace camgate::console
