#include <unistd.h>

#include <nlohmann/json.hpp>

#include "base/file_system.hpp"
#include "console/hub_flow.hpp"
#include "console/interrupt.hpp"
#include "console/json_text.hpp"
#include "console/language.hpp"
#include "console/table_text.hpp"
#include "console/verbs.hpp"

namespace camgate::console::verbs {
namespace {

using nlohmann::json;

constexpr useconds_t kAskLink_us = 500'000;
constexpr int kTries = 60;

std::string renderLink(const std::string& result) {
    const json status = parsedObject(result);
    const json& link = fieldOf(status, "link");
    return tableText({
        {tr("hub"), textOf(fieldOf(link, "state"))},
        {tr("detail"), textOf(fieldOf(link, "detail"))},
        {tr("round trip"), numberOf(fieldOf(link, "round_trip_ms"), 0, " ms")},
        {tr("cap"), numberOf(fieldOf(link, "cap_kbps"), 0, " kbit/s")},
        {tr("messages wait"), textOf(fieldOf(fieldOf(status, "outbox"), "rows"))},
    });
}

int writeRequest(Session& session, const std::string& file) {
    const auto answer = session.call("hub.request", json::object());
    if (!answer) return session.failed(answer.error());
    const json made = parsedObject(*answer);
    RealFileSystem files;
    const std::string request = textOf(fieldOf(made, "request"));
    if (auto put = replaceFile(files, file, request); !put) return session.failed(put.error());
    if (session.json()) return session.say(*answer + "\n"), 0;
    session.say(file + "\n" + tr("fingerprint of the request") + "  " + textOf(fieldOf(made, "fingerprint")) +
                "\n");
    return 0;
}

int installBundle(Session& session, const std::string& file, const std::string& fingerprint) {
    RealFileSystem files;
    const auto bundle = readTextFile(files, file);
    if (!bundle) return session.failed(bundle.error());
    return session.ask("hub.install", {{"bundle", *bundle}, {"fingerprint", fingerprint}}, renderInstalled);
}

int enrolByCode(Session& session, const Arguments& arguments) {
    json parameters = {{"code", arguments.text("code")}, {"fingerprint", arguments.text("fingerprint")}};
    if (arguments.has("host")) parameters["host"] = arguments.text("host");
    if (arguments.has("port")) parameters["port"] = arguments.number("port", 0);
    return session.ask("hub.enrol", parameters, renderInstalled);
}

int enrolWithQuestions(Session& session, const Arguments& arguments) {
    const auto done = enrolByTalk(
        session, arguments.has("port") ? std::optional(arguments.number("port", 0)) : std::nullopt);
    return done ? 0 : session.failed(done.error());
}

}  // namespace

int hubStatus(Session& session, const Arguments&) {
    return session.ask("status", json::object(), renderLink);
}

int hubTest(Session& session, const Arguments&) {
    Result<std::string> answer = session.call("status", json::object());
    for (int tries = 0; tries < kTries && answer && !interrupted(); ++tries) {
        if (textOf(fieldOf(fieldOf(parsedObject(*answer), "link"), "state")) == "up") break;
        ::usleep(kAskLink_us);
        answer = session.call("status", json::object());
    }
    const int shown = session.show(answer, renderLink);
    if (shown != 0) return shown;
    return textOf(fieldOf(fieldOf(parsedObject(*answer), "link"), "state")) == "up" ? 0 : 1;
}

int hubEnrol(Session& session, const Arguments& arguments) {
    const int ways = (arguments.has("request") ? 1 : 0) + (arguments.has("bundle") ? 1 : 0) +
                     (arguments.has("code") ? 1 : 0);
    if (ways > 1)
        return session.failed(
            {ErrorKind::InvalidArgument, 0, tr("one of --code CODE, --request FILE and --bundle FILE")});
    if (ways == 0) return enrolWithQuestions(session, arguments);
    if (arguments.has("request")) return writeRequest(session, arguments.text("request"));
    if (!arguments.has("fingerprint"))
        return session.failed({ErrorKind::InvalidArgument, 0,
                               tr("--fingerprint is needed: ask the hub's people for their root's")});
    if (arguments.has("code")) return enrolByCode(session, arguments);
    return installBundle(session, arguments.text("bundle"), arguments.text("fingerprint"));
}

}  // namespace camgate::console::verbs
