#include "console/render.hpp"

#include <nlohmann/json.hpp>

#include "console/advice.hpp"
#include "console/json_text.hpp"
#include "console/language.hpp"
#include "console/table_text.hpp"

namespace camgate::console {
namespace {

using nlohmann::json;

std::string withDetail(const json& object) {
    const std::string detail = textOf(fieldOf(object, "detail"));
    return textOf(fieldOf(object, "state")) + (detail.empty() || detail == "-" ? "" : " (" + detail + ")");
}

Row cameraRow(const json& camera) {
    const json& counters = fieldOf(camera, "counters");
    return {textOf(fieldOf(camera, "id")),
            textOf(fieldOf(camera, "state")),
            textOf(fieldOf(counters, "frames")),
            textOf(fieldOf(counters, "keyframes")),
            sizeOf(fieldOf(counters, "bytes")),
            textOf(fieldOf(counters, "stored_records")),
            textOf(fieldOf(counters, "worker_starts")),
            textOf(fieldOf(camera, "detail"))};
}

std::string startedText(const json& started) {
    const json& end = fieldOf(started, "last_end");
    return timeOf(fieldOf(started, "at")) + (end.is_null() ? "" : ", " + tr("before:") + " " + textOf(end));
}

/// What the kernel says of it, and nothing else.
std::string machineText(const json& machine) {
    std::string out;
    const auto add = [&out](const std::string& text) { out += (out.empty() ? "" : ", ") + text; };
    if (const json& up = fieldOf(machine, "up_s"); up.is_number())
        add(tr("up for") + " " + fixedText(up.get<double>() / 3600, 1) + " h");
    if (const json& load = fieldOf(machine, "load_1min"); load.is_number())
        add(tr("load") + " " + fixedText(load.get<double>(), 2));
    if (const json& left = fieldOf(machine, "memory_left_kb"); left.is_number())
        add(tr("memory left") + " " + sizeOf(left.get<double>() * 1024));
    if (const json& heat = fieldOf(machine, "temperature_c"); heat.is_number())
        add(fixedText(heat.get<double>(), 0) + " C");
    return out;
}

std::string camerasTable(const json& cameras) {
    std::vector<Row> rows{{tr("CAMERA"), tr("STATE"), tr("FRAMES"), tr("KEY"), tr("RECEIVED"), tr("STORED"),
                           tr("STARTS"), tr("DETAIL")}};
    for (const json& camera : cameras) rows.push_back(cameraRow(camera));
    return listText(rows);
}

std::string processesTable(const json& processes) {
    std::vector<Row> rows{{tr("PROCESS"), "PID", "CPU S", "RSS"}};
    for (const json& process : processes) {
        const json& cpu = fieldOf(process, "cpu_s");
        const json& rss = fieldOf(process, "rss_kb");
        rows.push_back({textOf(fieldOf(process, "name")), textOf(fieldOf(process, "pid")),
                        cpu.is_number() ? fixedText(cpu.get<double>(), 1) : "-",
                        rss.is_number() ? sizeOf(rss.get<double>() * 1024) : "-"});
    }
    return tableText(rows);
}

}  // namespace

std::string renderStatus(const std::string& result) {
    const json status = parsedObject(result);
    const json& storage = fieldOf(status, "storage");
    const json& outbox = fieldOf(status, "outbox");
    std::vector<Row> rows{
        {tr("gateway"), textOf(fieldOf(status, "gateway")) + ", " + tr("firmware") + " " +
                            textOf(fieldOf(status, "firmware"))},
        {tr("time"),
         timeOf(fieldOf(status, "at")) + ", " + textOf(fieldOf(fieldOf(status, "time"), "quality"))},
        {tr("started"), startedText(fieldOf(status, "started"))},
        {tr("hub"), withDetail(fieldOf(status, "link"))},
        {tr("storage"), withDetail(storage) + ", " + tr("ring") + " " +
                            sizeOf(fieldOf(storage, "ring_bytes")) + ", " + tr("oldest footage") + " " +
                            timeOf(fieldOf(storage, "oldest"))},
        {tr("outbox"), textOf(fieldOf(outbox, "rows")) + " " + tr("messages wait") + ", " +
                           textOf(fieldOf(outbox, "dropped")) + " " + tr("dropped")},
    };
    if (const std::string machine = machineText(fieldOf(status, "machine")); !machine.empty())
        rows.push_back({tr("machine"), machine});
    return tableText(rows) + "\n" + renderAlarms(alarmsOf(status)) + "\n" +
           camerasTable(fieldOf(status, "cameras")) + "\n" + processesTable(fieldOf(status, "processes"));
}

std::string renderMetrics(const std::string& result) {
    return textOf(fieldOf(parsedObject(result), "text"));
}

std::string renderCameras(const std::string& result) {
    return camerasTable(fieldOf(parsedObject(result), "cameras"));
}

std::string renderEvents(const std::string& result) {
    const json events = parsedObject(result);
    std::vector<Row> rows{{tr("START"), tr("CAMERA"), tr("PHASE"), tr("LAST MOTION"), tr("CONFIDENCE"),
                           tr("ZONES"), tr("EVENT")}};
    for (const json& event : fieldOf(events, "events")) {
        std::string zones;
        for (const json& zone : fieldOf(event, "zones")) zones += (zones.empty() ? "" : ",") + textOf(zone);
        const json& confidence = fieldOf(event, "confidence");
        rows.push_back({timeOf(fieldOf(event, "start")), textOf(fieldOf(event, "camera")),
                        textOf(fieldOf(event, "phase")), timeOf(fieldOf(event, "last_motion")),
                        confidence.is_number() ? fixedText(confidence.get<double>(), 2) : "-",
                        zones.empty() ? "-" : zones, textOf(fieldOf(event, "event"))});
    }
    return listText(rows);
}

std::string renderExport(const Exported& exported) {
    std::string out = tr("written:") + "\n";
    for (const std::string& file : exported.files) out += "  " + file + "\n";
    out += "  " + exported.manifest_file +
           (exported.is_signed ? std::string()
                               : " (" + tr("not signed: the gateway has no evidence key") + ")") +
           "\n";
    const json gaps = fieldOf(parsedObject(exported.manifest), "gaps");
    for (const json& gap : gaps) {
        out += tr("missing:") + " " + timeOf(fieldOf(gap, "from")) + " " + tr("to") + " " +
               timeOf(fieldOf(gap, "to")) + ", " + textOf(fieldOf(gap, "reason")) + "\n";
    }
    return out;
}

std::string exportJson(const Exported& exported) {
    return json{{"files", exported.files},
                {"manifest_file", exported.manifest_file},
                {"signed", exported.is_signed},
                {"manifest", parsedObject(exported.manifest)}}
        .dump(-1, ' ', false, json::error_handler_t::replace);
}

}  // namespace camgate::console
