#include "console/update_view.hpp"

#include <array>
#include <nlohmann/json.hpp>

#include "console/json_text.hpp"
#include "console/language.hpp"
#include "console/table_text.hpp"

namespace camgate::console {
namespace {

using nlohmann::json;

struct PhaseText {
    std::string_view phase;
    const char* text;
};
constexpr std::array kPhases{
    PhaseText{"none", L("there was no update yet")},
    PhaseText{"downloading", L("downloading")},
    PhaseText{"verifying", L("verifying")},
    PhaseText{"installing", L("installing")},
    PhaseText{"rebooting", L("the box starts again; update status says then how it goes on")},
    PhaseText{"trial", L("on trial: it is kept if all that worked works again within 5 minutes")},
    PhaseText{"committed", L("installed and kept")},
    PhaseText{"rolled-back", L("did not prove itself; the version before runs")},
    PhaseText{"failed", L("not installed")},
};

std::string phaseText(const std::string& phase) {
    for (const auto& row : kPhases)
        if (row.phase == phase) return tr(row.text);
    return phase;
}

void addSlots(std::vector<Row>& rows, const json& slots) {
    if (!slots.is_array()) return;
    for (const json& slot : slots) {
        std::string text = fieldOf(slot, "version").is_string() ? textOf(fieldOf(slot, "version")) : "-";
        if (fieldOf(slot, "runs") == true) text += ", " + tr("runs");
        if (fieldOf(slot, "first") == true) text += ", " + tr("starts first");
        text += ", " + tr("tries left:") + " " + textOf(fieldOf(slot, "tries_left"));
        rows.push_back({tr("slot") + " " + textOf(fieldOf(slot, "slot")), text});
    }
}

}  // namespace

std::string progressText(const json& status) {
    std::string text = phaseText(textOf(fieldOf(status, "phase")));
    const json& percent = fieldOf(status, "percent");
    if (percent.is_number_integer()) text += " " + std::to_string(percent.get<int>() / 10 * 10) + " %";
    return text;
}

bool isUnderWay(const json& status) {
    const std::string phase = textOf(fieldOf(status, "phase"));
    if (fieldOf(status, "waits_until").is_string()) return false;
    return phase == "downloading" || phase == "verifying" || phase == "installing" || phase == "trial";
}

std::string renderUpdate(const std::string& result) {
    const json status = parsedObject(result);
    std::vector<Row> rows{{tr("runs"), textOf(fieldOf(status, "running"))},
                          {tr("update"), progressText(status)}};
    // Times among them are shown as times.
    for (const auto& [field, name] :
         {std::pair{"version", tr("version")}, std::pair{"since", tr("since")},
          std::pair{"waits_until", tr("waits until")}, std::pair{"reason", tr("reason")},
          std::pair{"detail", tr("detail")}, std::pair{"board", tr("bundles for")},
          std::pair{"fault", tr("fault")}}) {
        if (fieldOf(status, field).is_string()) rows.push_back({name, timeOf(fieldOf(status, field))});
    }
    addSlots(rows, fieldOf(status, "slots"));
    return tableText(rows);
}

}  // namespace camgate::console
