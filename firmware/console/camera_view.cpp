#include "console/camera_view.hpp"

#include <nlohmann/json.hpp>

#include "console/json_text.hpp"
#include "console/language.hpp"
#include "console/table_text.hpp"

namespace camgate::console {
namespace {

using nlohmann::json;

std::string pictureSize(const json& stream) {
    if (!fieldOf(stream, "width_px").is_number()) return "-";
    return textOf(fieldOf(stream, "width_px")) + "x" + textOf(fieldOf(stream, "height_px"));
}

Row measuredRow(const std::string& name, const json& stream) {
    return {name,
            textOf(fieldOf(stream, "codec")),
            pictureSize(stream),
            numberOf(fieldOf(stream, "fps"), 1, "/s"),
            numberOf(fieldOf(stream, "kbps"), 0, "kbit/s"),
            numberOf(fieldOf(stream, "group_s"), 1, "s")};
}

std::string cornersText(const json& polygon) {
    std::string out;
    for (const json& corner : polygon) {
        if (!corner.is_array() || corner.size() != 2) continue;
        out += (out.empty() ? "" : " ") + corner[0].dump() + "," + corner[1].dump();
    }
    return out.empty() ? "-" : out;
}

}  // namespace

std::string renderFound(const std::string& result) {
    const json answer = parsedObject(result);
    std::vector<Row> rows{{tr("NO"), tr("ADDRESS"), tr("NAME"), tr("MODEL"), "ONVIF"}};
    for (const json& camera : fieldOf(answer, "cameras")) {
        rows.push_back({std::to_string(rows.size()), textOf(fieldOf(camera, "address")),
                        textOf(fieldOf(camera, "name")), textOf(fieldOf(camera, "hardware")),
                        textOf(fieldOf(camera, "url"))});
    }
    if (rows.size() == 1)
        return tr("no camera answered: are cameras and gateway on the same network, and is ONVIF switched on "
                  "in them?") +
               "\n";
    return listText(rows);
}

std::string renderDescription(const std::string& result) {
    const json answer = parsedObject(result);
    std::vector<Row> rows{{tr("STREAM"), tr("CODEC"), tr("SIZE"), tr("RATE"), ""}};
    std::size_t number = 0;
    for (const json& stream : fieldOf(answer, "streams")) {
        const std::string use = fieldOf(answer, "main") == number  ? tr("recorded")
                                : fieldOf(answer, "sub") == number ? tr("watched for motion")
                                                                   : "";
        rows.push_back({textOf(fieldOf(stream, "name")), textOf(fieldOf(stream, "codec")),
                        pictureSize(stream), numberOf(fieldOf(stream, "fps"), 0, "/s"), use});
        ++number;
    }
    std::string out = textOf(fieldOf(answer, "manufacturer")) + " " + textOf(fieldOf(answer, "model")) +
                      "\n" + tableText(rows);
    if (const json& ahead = fieldOf(answer, "clock_ahead_s");
        ahead.is_number_integer() && (ahead > 5 || ahead < -5))
        out += tr("the camera's clock is off by") + " " + ahead.dump() + " s\n";
    return out;
}

std::string renderTrial(const std::string& result) {
    const json answer = parsedObject(result);
    std::vector<Row> rows{{tr("STREAM"), tr("CODEC"), tr("SIZE"), tr("RATE"), tr("DATA"), tr("GROUP")}};
    rows.push_back(measuredRow(tr("full picture"), fieldOf(answer, "main")));
    if (answer.contains("sub")) rows.push_back(measuredRow(tr("small picture"), fieldOf(answer, "sub")));
    std::string out = tableText(rows);
    out += answer.contains("jpeg") ? tr("a picture of it came as well") : tr("no picture of it came");
    if (answer.contains("detail")) out += "; " + textOf(answer["detail"]);
    return out + "\n";
}

std::string renderZones(const std::string& result) {
    const json zones = json::parse(result, nullptr, false);
    std::vector<Row> rows{{tr("ZONE"), tr("KIND"), tr("CORNERS")}};
    for (const json& zone : zones) {
        const json& kind = fieldOf(zone, "kind");
        rows.push_back({textOf(fieldOf(zone, "name")), kind.is_null() ? "include" : textOf(kind),
                        cornersText(fieldOf(zone, "polygon"))});
    }
    if (rows.size() == 1) return tr("no zones: the whole picture counts") + "\n";
    return tableText(rows);
}

}  // namespace camgate::console
