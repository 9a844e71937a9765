#include "console/audit_view.hpp"

#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>
#include <string_view>

#include "console/json_text.hpp"
#include "console/language.hpp"
#include "console/table_text.hpp"

namespace camgate::console {
namespace {

using nlohmann::json;

struct Phrase {
    std::string_view word;
    const char* text;
};
constexpr std::array kActions{
    Phrase{"clip.request", L("asked for footage")},
    Phrase{"clip.upload", L("footage sent to the hub")},
    Phrase{"clip.export", L("footage copied at the gateway")},
    Phrase{"clip.cancel", L("took back a request for footage")},
    Phrase{"live.end", L("stopped looking on")},
    Phrase{"snapshot.request", L("asked for a picture")},
    Phrase{"status.request", L("asked for the state")},
    Phrase{"events.query", L("asked for the list of events")},
    Phrase{"rebirth", L("asked to be told everything again")},
    Phrase{"reboot", L("asked to restart the gateway")},
    Phrase{"footage.erase", L("erased footage")},
    Phrase{"footage.reset", L("erased all footage")},
    Phrase{"storage.format", L("formatted the card")},
    Phrase{"config.change", L("changed the configuration")},
    Phrase{"secret.set", L("set a password")},
    Phrase{"camera.pause", L("paused a camera")},
    Phrase{"camera.resume", L("let a camera go on")},
    Phrase{"login", L("logged in")},
    Phrase{"login.set", L("set a PIN")},
    Phrase{"snapshot", L("looked at a picture")},
    Phrase{"hub.enrol", L("enrolled the gateway")},
    Phrase{"update", L("updated the firmware")},
    Phrase{"network", L("set the network")},
    Phrase{"trust.changed", L("changed whom the gateway trusts")},
};
constexpr std::array kOutcomes{
    Phrase{"done", L("done")},
    Phrase{"verified", L("arrived whole")},
    Phrase{"given", L("begun")},
    Phrase{"written", L("done")},
    Phrase{"started", L("begun")},
    Phrase{"applied", L("in force")},
    Phrase{"trial", L("being tried")},
    Phrase{"failed", L("failed")},
    Phrase{"reverted", L("taken back")},
    Phrase{"committed", L("in force")},
    Phrase{"rolled-back", L("taken back")},
    Phrase{"expired", L("time was up")},
    Phrase{"limit", L("size was used up")},
    Phrase{"cancelled", L("taken back")},
    Phrase{"paused", L("camera paused")},
    Phrase{"removed", L("camera taken out")},
    Phrase{"stopped", L("gateway stopped")},
};
constexpr std::array kActors{
    Phrase{"console owner", L("the owner, at the gateway")},
    Phrase{"console technician", L("the technician, at the gateway")},
    // Nobody was logged in, or an older firmware wrote it.
    Phrase{"console", L("at the gateway")},
    Phrase{"console console", L("at the gateway")},
    Phrase{"schedule", L("the camera's hours")},
    Phrase{"hub", L("the hub")},
    Phrase{"gateway", L("the gateway itself")},
    Phrase{"unknown", L("unknown")},
};

template <std::size_t N>
const char* phraseOf(const std::array<Phrase, N>& phrases, const std::string& word) {
    const auto found = std::ranges::find(phrases, std::string_view(word), &Phrase::word);
    return found == phrases.end() ? nullptr : found->text;
}

/// Empty where there is nothing.
std::string wordOf(const json& object, const char* key) {
    const json& value = fieldOf(object, key);
    return value.is_string() ? value.get<std::string>() : std::string();
}

std::string who(const json& entry) {
    const json& detail = fieldOf(entry, "detail");
    std::string name = wordOf(detail, "signer");
    const std::string actor = textOf(fieldOf(entry, "actor"));
    if (const char* known = phraseOf(kActors, actor)) name = tr(known);
    if (name.empty()) name = actor.substr(0, 12);
    const std::string officer = wordOf(detail, "officer");
    return officer.empty() ? name : officer + " (" + name + ")";
}

std::string what(const json& entry) {
    const std::string action = textOf(fieldOf(entry, "action"));
    const char* known = phraseOf(kActions, action);
    return known != nullptr ? tr(known) : action;
}

std::string outcome(const json& entry) {
    const std::string word = textOf(fieldOf(entry, "outcome"));
    if (word == "refused" || word == "rejected") return tr("refused");
    const char* known = phraseOf(kOutcomes, word);
    return known != nullptr ? tr(known) : tr("refused:") + " " + word;
}

std::string range(const json& detail) {
    const json& from = fieldOf(detail, "from");
    if (wordOf(detail, "to") == "follow") return tr("live");
    return from.is_null() ? "-" : timeOf(from) + " " + tr("to") + " " + timeOf(fieldOf(detail, "to"));
}

std::string why(const json& detail) {
    std::string text = wordOf(detail, "case");
    const std::string purpose = wordOf(detail, "purpose");
    if (!purpose.empty()) text += (text.empty() ? "" : ", ") + purpose;
    return text.empty() ? "-" : text;
}

std::string verdict(const json& broken) {
    if (!broken.is_array() || broken.empty()) return tr("The entries hold together.") + "\n";
    std::string numbers;
    for (const json& number : broken) numbers += (numbers.empty() ? "" : ", ") + textOf(number);
    return tr("NOT AS THEY WERE WRITTEN:") + " " + numbers + "\n";
}

}  // namespace

std::string renderAudit(const std::string& result) {
    const json audit = parsedObject(result);
    std::vector<Row> rows{{tr("NO"), tr("WHEN"), tr("WHO"), tr("WHAT"), tr("CAMERA"), tr("WHICH FOOTAGE"),
                           tr("WHY"), tr("OUTCOME")}};
    for (const json& entry : fieldOf(audit, "entries")) {
        const json& detail = fieldOf(entry, "detail");
        rows.push_back({textOf(fieldOf(entry, "number")), timeOf(fieldOf(entry, "at")), who(entry),
                        what(entry), textOf(fieldOf(detail, "camera")), range(detail), why(detail),
                        outcome(entry)});
    }
    return listText(rows) + "\n" + verdict(fieldOf(audit, "broken"));
}

}  // namespace camgate::console
