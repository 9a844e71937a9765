#include "config/report.hpp"

#include <array>
#include <nlohmann/json.hpp>

#include "config/table_printer.hpp"

namespace camgate::config {
namespace {

using nlohmann::json;

constexpr std::size_t kMostFaults = 50;

json revisionJson(const Revision& revision) {
    return {{"revision", revision.number},
            {"base_revision", revision.base},
            {"source", revision.source},
            {"who", revision.who},
            {"at", revision.at}};
}

}  // namespace

std::string_view toString(Fate fate) {
    constexpr std::array<std::string_view, 4> kNames{"applied", "trial", "reverted", "rejected"};
    return kNames.at(static_cast<std::size_t>(fate));
}

json faultsJson(const std::vector<Fault>& faults) {
    json out = json::array();
    for (const Fault& fault : faults) {
        if (out.size() == kMostFaults) break;
        json one = {{"pointer", fault.pointer}, {"expected", fault.expected}, {"found", fault.found}};
        if (!fault.hint.empty()) one["hint"] = fault.hint;
        out.push_back(std::move(one));
    }
    return out;
}

json outcomeJson(const Outcome& outcome) {
    json out = {{"state", toString(outcome.fate)}, {"revision", outcome.revision}};
    if (!outcome.reason.empty()) out["reason"] = outcome.reason;
    if (outcome.faults.empty()) return out;
    out["errors"] = faultsJson(outcome.faults);
    if (outcome.faults.size() > kMostFaults) out["more_errors"] = outcome.faults.size() - kMostFaults;
    return out;
}

std::string reportJson(const Keeper& keeper, const std::set<std::string>& set) {
    const History& history = keeper.history();
    json secrets = json::object();
    for (const std::string& name : secretNames(keeper.configuration()))
        secrets[name] = set.contains(name) ? "set" : "unset";
    json out = {{"v", 1},
                {"next_revision", history.newest() + 1},
                {"proposal", outcomeJson(keeper.outcome())},
                {"secrets", secrets}};
    if (const Revision* current = history.find(history.current)) out.update(revisionJson(*current));
    out["document"] = printByTable(configurationTable(), &keeper.configuration(), Print::Changed);
    if (keeper.trial().running()) {
        out["trial"] = {
            {"revision", history.trial},
            {"ends_in_s", std::chrono::duration_cast<std::chrono::seconds>(keeper.trial().left()).count()},
            {"wants_confirmation", keeper.trial().wantsConfirmation()}};
    }
    return out.dump(-1, ' ', false, json::error_handler_t::replace);
}

std::string revisionsJson(const History& history) {
    json revisions = json::array();
    for (auto revision = history.revisions.rbegin(); revision != history.revisions.rend(); ++revision) {
        json one = revisionJson(*revision);
        one["in_force"] = revision->number == history.current;
        revisions.push_back(std::move(one));
    }
    return json{{"revisions", revisions}}.dump(-1, ' ', false, json::error_handler_t::replace);
}

}  // namespace camgate::config
