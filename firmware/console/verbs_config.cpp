#include <nlohmann/json.hpp>

#include "base/file_system.hpp"
#include "config/configuration.hpp"
#include "config/path.hpp"
#include "console/config_view.hpp"
#include "console/language.hpp"
#include "console/verbs.hpp"

namespace camgate::console::verbs {
namespace {

using nlohmann::json;

constexpr int kRefused = 1;
constexpr std::size_t kMostDocument_bytes = 48U << 10U;  ///< a line of the control socket takes no more

}  // namespace

int showCandidate(Session& session, const Result<std::string>& answer) {
    const int status = session.show(answer, renderCandidate);
    if (status != 0) return status;
    return json::parse(*answer, nullptr, false).value("errors", json::array()).empty() ? 0 : kRefused;
}

int configEdit(Session& session, const Arguments&) {
    session.edit();
    session.say(tr("Until exit config stands before each word by itself: set, diff, check, commit ...") +
                "\n");
    return 0;
}

int configShow(Session& session, const Arguments& arguments) {
    json parameters = {{"defaults", arguments.has("defaults")}};
    if (arguments.has("revision")) parameters["revision"] = arguments.number("revision", 0);
    auto answer = session.call("config.show", parameters);
    if (!answer || !arguments.has("SETTING")) return session.show(answer, renderDocument);
    json shown = json::parse(*answer, nullptr, false);
    const json& value =
        config::valueAt(shown["document"], config::configurationTable(), arguments.text("SETTING"));
    if (value.is_null())
        return session.failed(
            {ErrorKind::NotFound, 0,
             "nothing is set at " + arguments.text("SETTING") + "; with --defaults it may show"});
    shown["document"] = json(value);
    return session.show(shown.dump(), renderDocument);
}

int configSet(Session& session, const Arguments& arguments) {
    return showCandidate(session, session.call("config.set", {{"path", arguments.text("SETTING")},
                                                              {"value", arguments.text("VALUE")}}));
}

int configUnset(Session& session, const Arguments& arguments) {
    return showCandidate(session, session.call("config.unset", {{"path", arguments.text("SETTING")}}));
}

int configLoad(Session& session, const Arguments& arguments) {
    RealFileSystem files;
    const auto text = readTextFile(files, arguments.text("FILE"), kMostDocument_bytes);
    if (!text) return session.failed(text.error());
    return showCandidate(session, session.call("config.load", {{"document", *text}}));
}

int configDiff(Session& session, const Arguments& arguments) {
    json parameters = json::object();
    if (arguments.has("revision")) parameters["revision"] = arguments.number("revision", 0);
    return session.ask("config.diff", parameters, renderDifferences);
}

int configCheck(Session& session, const Arguments&) {
    return showCandidate(session, session.call("config.check", json::object()));
}

int configCommit(Session& session, const Arguments& arguments) {
    json parameters = json::object();
    if (arguments.has("MINUTES")) parameters["confirm_minutes"] = arguments.number("MINUTES", 0);
    const auto answer = session.call("config.commit", parameters);
    const int status = session.show(answer, renderOutcome);
    if (status != 0) return status;
    return json::parse(*answer, nullptr, false).value("state", "") == "rejected" ? kRefused : 0;
}

int configConfirm(Session& session, const Arguments&) {
    return session.ask("config.confirm", json::object(), renderNothing);
}

int configAbandon(Session& session, const Arguments&) {
    return session.ask("config.abandon", json::object(), renderNothing);
}

int configDiscard(Session& session, const Arguments&) {
    return session.ask("config.discard", json::object(), renderNothing);
}

int configRollback(Session& session, const Arguments& arguments) {
    return showCandidate(session,
                         session.call("config.rollback", {{"revision", arguments.number("REVISION", 0)}}));
}

int configRevisions(Session& session, const Arguments&) {
    return session.ask("config.revisions", json::object(), renderRevisions);
}

int configReport(Session& session, const Arguments&) {
    return session.ask("config.report", json::object(), renderReport);
}

int secretSet(Session& session, const Arguments& arguments) {
    const std::string value = session.askLine(tr("value (empty: none): "), true);
    return session.ask("secret.set", {{"name", arguments.text("NAME")}, {"value", value}}, renderNothing);
}

}  // namespace camgate::console::verbs
