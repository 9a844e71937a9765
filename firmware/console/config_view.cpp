#include "console/config_view.hpp"

#include <nlohmann/json.hpp>

#include "console/json_text.hpp"
#include "console/language.hpp"
#include "console/table_text.hpp"

namespace camgate::console {
namespace {

using nlohmann::json;

std::string faultLines(const json& holder) {
    std::string out;
    for (const json& fault : fieldOf(holder, "errors")) {
        out += textOf(fieldOf(fault, "pointer")) + ": " + tr("expected") + " " +
               textOf(fieldOf(fault, "expected")) + ", " + tr("found") + " " +
               textOf(fieldOf(fault, "found"));
        if (fault.contains("hint")) out += " (" + textOf(fault["hint"]) + ")";
        out += "\n";
    }
    return out;
}

std::string outcomeText(const json& outcome) {
    const std::string state = textOf(fieldOf(outcome, "state"));
    const std::string revision = textOf(fieldOf(outcome, "revision"));
    std::string out = state == "applied"    ? tr("revision") + " " + revision + " " + tr("is in force")
                      : state == "trial"    ? tr("revision") + " " + revision + " " + tr("is on trial")
                      : state == "reverted" ? tr("revision") + " " + revision + " " + tr("was reverted")
                                            : tr("the change was refused, nothing has changed");
    if (outcome.contains("reason")) out += ": " + textOf(outcome["reason"]);
    return out + "\n" + faultLines(outcome);
}

}  // namespace

std::string renderDocument(const std::string& result) {
    const json answer = parsedObject(result);
    return fieldOf(answer, "document").dump(2, ' ', false, json::error_handler_t::replace) + "\n";
}

std::string renderCandidate(const std::string& result) {
    const json answer = parsedObject(result);
    const std::string faults = faultLines(answer);
    if (!faults.empty()) return faults;
    if (fieldOf(answer, "edited") != true) return tr("nothing was edited") + "\n";
    return tr("no fault; commit puts it in force") + "\n";
}

std::string renderDifferences(const std::string& result) {
    const json answer = parsedObject(result);
    std::string out;
    for (const json& difference : fieldOf(answer, "differences")) {
        const std::string path = textOf(fieldOf(difference, "path"));
        if (difference.contains("from")) out += "- " + path + " " + difference["from"].dump() + "\n";
        if (difference.contains("to")) out += "+ " + path + " " + difference["to"].dump() + "\n";
    }
    return out.empty() ? tr("no difference") + "\n" : out;
}

std::string renderOutcome(const std::string& outcome) {
    const json answer = parsedObject(outcome);
    std::string out = outcomeText(answer);
    if (textOf(fieldOf(answer, "state")) == "trial")
        out += tr("it is kept once all that worked before works again; see config report") + "\n";
    return out;
}

std::string renderRevisions(const std::string& result) {
    const json answer = parsedObject(result);
    std::vector<Row> rows{{tr("REVISION"), tr("FROM"), tr("WHEN"), tr("SOURCE"), tr("WHO"), ""}};
    for (const json& revision : fieldOf(answer, "revisions")) {
        rows.push_back({textOf(fieldOf(revision, "revision")), textOf(fieldOf(revision, "base_revision")),
                        timeOf(fieldOf(revision, "at")), textOf(fieldOf(revision, "source")),
                        textOf(fieldOf(revision, "who")),
                        fieldOf(revision, "in_force") == true ? tr("in force") : ""});
    }
    return listText(rows);
}

std::string renderReport(const std::string& report) {
    const json answer = parsedObject(report);
    std::vector<Row> rows{{tr("in force"), tr("revision") + " " + textOf(fieldOf(answer, "revision")) + ", " +
                                               textOf(fieldOf(answer, "source")) + ", " +
                                               timeOf(fieldOf(answer, "at"))}};
    if (const json& trial = fieldOf(answer, "trial"); trial.is_object()) {
        rows.push_back({tr("on trial"), tr("revision") + " " + textOf(fieldOf(trial, "revision")) + ", " +
                                            textOf(fieldOf(trial, "ends_in_s")) + " s" +
                                            (fieldOf(trial, "wants_confirmation") == true
                                                 ? ", " + tr("waits for config confirm")
                                                 : "")});
    }
    for (const auto& [name, state] : fieldOf(answer, "secrets").items())
        rows.push_back({name, state == "set" ? tr("set") : tr("unset")});
    return tableText(rows) + outcomeText(fieldOf(answer, "proposal"));
}

std::string renderNothing(const std::string&) {
    return tr("done") + "\n";
}

}  // namespace camgate::console
