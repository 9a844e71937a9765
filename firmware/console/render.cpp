#include "console/render.hpp"

#include <array>
#include <cstdio>
#include <nlohmann/json.hpp>

#include "console/table_text.hpp"

namespace camgate::console {
namespace {

using nlohmann::json;

json parsed(const std::string& text) {
    json value = json::parse(text, nullptr, false);
    return value.is_object() ? value : json::object();
}

const json& at(const json& object, const char* key) {
    static const json nothing;
    if (!object.is_object()) return nothing;
    const auto found = object.find(key);
    return found == object.end() ? nothing : *found;
}

std::string text(const json& value) {
    if (value.is_null()) return "-";
    if (value.is_string()) return value.get<std::string>();
    if (value.is_boolean()) return value.get<bool>() ? "yes" : "no";
    return value.dump();
}

std::string fixed(double number, int digits) {
    std::array<char, 64> out{};
    const int length = std::snprintf(out.data(), out.size(), "%.*f", digits, number);
    return {out.data(), static_cast<std::size_t>(length)};
}

std::string size(const json& bytes) {
    if (!bytes.is_number()) return "-";
    constexpr std::array<const char*, 5> units{"B", "KiB", "MiB", "GiB", "TiB"};
    double value = bytes.get<double>();
    std::size_t unit = 0;
    for (; value >= 1024 && unit + 1 < units.size(); ++unit) value /= 1024;
    return fixed(value, unit == 0 ? 0 : 1) + " " + units.at(unit);
}

std::string withDetail(const json& object) {
    const std::string detail = text(at(object, "detail"));
    return text(at(object, "state")) + (detail.empty() || detail == "-" ? "" : " (" + detail + ")");
}

Row cameraRow(const json& camera) {
    const json& counters = at(camera, "counters");
    return {text(at(camera, "id")),
            text(at(camera, "state")),
            text(at(counters, "frames")),
            text(at(counters, "keyframes")),
            size(at(counters, "bytes")),
            text(at(counters, "stored_records")),
            text(at(counters, "worker_starts")),
            text(at(camera, "detail"))};
}

std::string camerasTable(const json& cameras) {
    std::vector<Row> rows{{"CAMERA", "STATE", "FRAMES", "KEY", "RECEIVED", "STORED", "STARTS", "DETAIL"}};
    for (const json& camera : cameras) rows.push_back(cameraRow(camera));
    return tableText(rows);
}

std::string processesTable(const json& processes) {
    std::vector<Row> rows{{"PROCESS", "PID", "CPU S", "RSS"}};
    for (const json& process : processes) {
        const json& cpu = at(process, "cpu_s");
        const json& rss = at(process, "rss_kb");
        rows.push_back({text(at(process, "name")), text(at(process, "pid")),
                        cpu.is_number() ? fixed(cpu.get<double>(), 1) : "-",
                        rss.is_number() ? size(rss.get<double>() * 1024) : "-"});
    }
    return tableText(rows);
}

}  // namespace

std::string renderStatus(const std::string& result) {
    const json status = parsed(result);
    const json& storage = at(status, "storage");
    const json& outbox = at(status, "outbox");
    std::vector<Row> rows{
        {"gateway", text(at(status, "gateway")) + ", firmware " + text(at(status, "firmware"))},
        {"time", text(at(status, "at")) + ", " + text(at(at(status, "time"), "quality"))},
        {"hub", withDetail(at(status, "link"))},
        {"storage", withDetail(storage) + ", ring " + size(at(storage, "ring_bytes")) + ", oldest footage " +
                        text(at(storage, "oldest"))},
        {"outbox", text(at(outbox, "rows")) + " messages wait, " + text(at(outbox, "dropped")) + " dropped"},
    };
    return tableText(rows) + "\n" + camerasTable(at(status, "cameras")) + "\n" +
           processesTable(at(status, "processes"));
}

std::string renderCameras(const std::string& result) {
    return camerasTable(at(parsed(result), "cameras"));
}

std::string renderEvents(const std::string& result) {
    const json events = parsed(result);
    std::vector<Row> rows{{"START", "CAMERA", "PHASE", "LAST MOTION", "CONFIDENCE", "ZONES", "EVENT"}};
    for (const json& event : at(events, "events")) {
        std::string zones;
        for (const json& zone : at(event, "zones")) zones += (zones.empty() ? "" : ",") + text(zone);
        const json& confidence = at(event, "confidence");
        rows.push_back({text(at(event, "start")), text(at(event, "camera")), text(at(event, "phase")),
                        text(at(event, "last_motion")),
                        confidence.is_number() ? fixed(confidence.get<double>(), 2) : "-",
                        zones.empty() ? "-" : zones, text(at(event, "event"))});
    }
    return tableText(rows);
}

}  // namespace camgate::console
