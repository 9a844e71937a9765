#include "console/candidate_flow.hpp"

#include <unistd.h>

#include <nlohmann/json.hpp>

#include "console/json_text.hpp"
#include "console/language.hpp"

namespace camgate::console {
namespace {

using nlohmann::json;

constexpr useconds_t kAskTrial_us = 300'000;

}  // namespace

Status nobodyEdits(Session& session) {
    const auto checked = session.call("config.check", json::object());
    if (!checked) return std::unexpected(checked.error());
    if (fieldOf(parsedObject(*checked), "edited") != true) return {};
    return fail(ErrorKind::FailedPrecondition,
                tr("there is an edited configuration: config commit or config discard it first"));
}

Status setSetting(Session& session, const std::string& path, const std::string& value) {
    const auto answer = session.call("config.set", {{"path", path}, {"value", value}});
    if (!answer) return std::unexpected(answer.error());
    return {};
}

void discardCandidate(Session& session) {
    (void)session.call("config.discard", json::object());
}

Status commitAndWait(Session& session) {
    const auto committed = session.call("config.commit", json::object());
    if (!committed) return std::unexpected(committed.error());
    json outcome = parsedObject(*committed);
    if (textOf(fieldOf(outcome, "state")) == "rejected") {
        discardCandidate(session);
        std::string why = textOf(fieldOf(outcome, "reason"));
        for (const json& fault : fieldOf(outcome, "errors"))
            why += "; " + textOf(fieldOf(fault, "pointer")) + ": " + textOf(fieldOf(fault, "expected")) +
                   (fault.contains("hint") ? " (" + textOf(fault["hint"]) + ")" : "");
        return fail(ErrorKind::FailedPrecondition, why);
    }
    session.sayNow(tr("on trial: kept once all that worked before works again ...") + "\n");
    while (textOf(fieldOf(outcome, "state")) == "trial") {
        ::usleep(kAskTrial_us);
        const auto report = session.call("config.report", json::object());
        if (!report) return std::unexpected(report.error());
        outcome = fieldOf(parsedObject(*report), "proposal");
    }
    if (textOf(fieldOf(outcome, "state")) == "applied") return {};
    return fail(ErrorKind::FailedPrecondition,
                tr("the change was taken back:") + " " + textOf(fieldOf(outcome, "reason")));
}

Status changeSettings(Session& session, const std::vector<std::pair<std::string, std::string>>& settings) {
    if (auto alone = nobodyEdits(session); !alone) return alone;
    for (const auto& [path, value] : settings) {
        if (auto done = setSetting(session, path, value); !done) {
            discardCandidate(session);
            return done;
        }
    }
    return commitAndWait(session);
}

}  // namespace camgate::console
