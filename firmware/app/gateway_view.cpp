#include "app/gateway_view.hpp"

#include <unistd.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <utility>

#include "app/json_text.hpp"
#include "app/machine_health.hpp"
#include "app/picture.hpp"
#include "app/process_stats.hpp"
#include "base/wall_text.hpp"
#include "uplink/line_budget.hpp"

namespace camgate::app {
namespace {

using nlohmann::json;

struct NamedProcess {
    std::string name;
    pid_t pid = 0;
};

std::vector<NamedProcess> namedProcesses(const GatewayParts& parts) {
    std::vector<NamedProcess> out{{"camgated", ::getpid()}};
    for (const auto& camera : parts.cameras) out.push_back({"camera " + camera->config().id, camera->pid()});
    out.push_back({"link-control", parts.control.pid()});
    out.push_back({"link-bulk", parts.bulk.pid()});
    std::erase_if(out, [](const NamedProcess& process) { return process.pid == 0; });
    return out;
}

json counters(const CameraSession& camera, const Recorder& recorder) {
    const ipc::CameraReport totals = camera.totals();
    const std::string& id = camera.config().id;
    return {{"bytes", totals.bytes},
            {"frames", totals.frames},
            {"keyframes", totals.keyframes},
            {"sub_frames", totals.sub_frames},
            {"analysed_frames", totals.analysed_frames},
            {"mended_times", totals.mended_times},
            {"bad_units", totals.bad_units},
            {"dropped_units", totals.dropped_units + recorder.droppedUnits(id)},
            {"stored_records", recorder.storedRecords(id)},
            {"worker_starts", camera.workerStarts()}};
}

json storageJson(const Recorder& recorder) {
    json out = {{"state", toString(recorder.state())}, {"detail", recorder.detail()}};
    if (!recorder.stats()) return out;
    out["sealed"] = recorder.sealed();
    const ring::RingStats& stats = *recorder.stats();
    out["ring_bytes"] = stats.size_bytes;
    out["written_bytes"] = stats.written_bytes;
    out["payload_bytes"] = stats.payload_bytes;
    out["syncs"] = stats.syncs;
    out["slow_writes"] = stats.slow_writes;
    out["failed_writes"] = stats.failed_writes;
    if (const auto cover = leastStallCover(recorder.poolShares()))
        out["stall_cover_s"] = std::chrono::duration<double>(*cover).count();
    if (stats.oldest) out["oldest"] = formatWallTime(*stats.oldest);
    return out;
}

json linkJson(const GatewayParts& parts) {
    if (!parts.credential_faults.empty() && parts.control.starts() == 0) {
        std::string detail;
        for (const auto& fault : parts.credential_faults) detail += (detail.empty() ? "" : "; ") + fault;
        return {{"state", "no-credentials"}, {"detail", detail}};
    }
    const ipc::LinkReport& report = parts.control.report();
    json out = {{"state", toString(report.state)}, {"detail", report.detail}};
    if (report.round_trip_ms > 0) out["round_trip_ms"] = report.round_trip_ms;
    out["cap_kbps"] = uplink::LineCap(parts.configuration.hub).kbps(parts.clock.wallNow());
    out["paced_by"] = parts.control.paced() ? "kernel" : "gateway";
    return out;
}

json timeOf(const GatewayParts& parts) {
    const TimeMap map = parts.clock.timeMap();
    json out = {{"quality", toString(map.quality)}, {"zone", parts.configuration.time_zone}};
    if (map.quality == WallQuality::Ntp) out["error_ms"] = map.error_bound.count();
    return out;
}

json machineJson(const MachineHealth& machine) {
    json out = json::object();
    if (machine.up) out["up_s"] = machine.up->count();
    if (machine.load) out["load_1min"] = *machine.load;
    if (machine.memory_left_kb) out["memory_left_kb"] = *machine.memory_left_kb;
    if (machine.temperature_c) out["temperature_c"] = *machine.temperature_c;
    if (machine.under_voltage) out["under_voltage"] = *machine.under_voltage;
    return out;
}

}  // namespace

CameraSession* GatewayView::find(const std::string& id) const {
    const auto found = std::find_if(parts_.cameras.begin(), parts_.cameras.end(),
                                    [&id](const auto& camera) { return camera->config().id == id; });
    return found == parts_.cameras.end() ? nullptr : found->get();
}

std::vector<uplink::CameraStatus> GatewayView::list() const {
    std::vector<uplink::CameraStatus> out;
    for (const auto& camera : parts_.cameras) {
        out.push_back({camera->config().id, camera->config().name, std::string(camera->stateName()),
                       camera->detail(), wallOf(camera->stateSince())});
    }
    return out;
}

void GatewayView::snapshot(const std::string& id, std::size_t limit_bytes,
                           std::function<void(Result<uplink::Snapshot>)> answer) {
    CameraSession* camera = find(id);
    if (camera == nullptr) return answer(fail(ErrorKind::NotFound, "there is no camera " + id));
    takePicture(*camera, limit_bytes, [this, answer = std::move(answer)](Result<ipc::Snapshot> taken) {
        if (!taken) return answer(std::unexpected(taken.error()));
        answer(uplink::Snapshot{wallOf(taken->captured_at), std::move(taken->jpeg)});
    });
}

Status GatewayView::watch(const std::string& id, clip::Quality quality, uplink::LiveViewer& viewer) {
    CameraSession* camera = find(id);
    if (camera == nullptr) return fail(ErrorKind::NotFound, "there is no camera " + id);
    return camera->watch(quality, viewer);
}

void GatewayView::unwatch(const std::string& id) {
    if (CameraSession* camera = find(id)) camera->unwatch();
}

void GatewayView::beginFileAnew(const std::string& id) {
    if (CameraSession* camera = find(id)) camera->beginFileAnew();
}

uplink::StorageStatus GatewayView::storage() const {
    return {std::string(toString(parts_.recorder.state())), parts_.recorder.detail(),
            parts_.recorder.sealed()};
}

uplink::TelemetryFigures GatewayView::telemetry() const {
    uplink::TelemetryFigures out;
    const auto up = std::chrono::duration_cast<std::chrono::seconds>(parts_.clock.bootNow() - started_);
    out.uptime_s = static_cast<std::uint64_t>(up.count());
    for (const auto& camera : parts_.cameras) {
        const ipc::CameraReport totals = camera->totals();
        const std::string& id = camera->config().id;
        out.cameras.push_back({id, totals.bytes, totals.frames, totals.keyframes,
                               parts_.recorder.storedRecords(id), totals.mended_times, totals.bad_units,
                               totals.dropped_units + parts_.recorder.droppedUnits(id)});
    }
    if (const auto& stats = parts_.recorder.stats()) {
        out.storage = {stats->size_bytes,
                       stats->written_bytes,
                       stats->syncs,
                       stats->slow_writes,
                       leastStallCover(parts_.recorder.poolShares()),
                       stats->oldest};
    }
    for (const NamedProcess& process : namedProcesses(parts_)) {
        if (const auto stats = readProcessStats(process.pid)) {
            out.processes.push_back({process.name, stats->cpu_s, stats->rss_kb});
        }
    }
    return out;
}

std::string GatewayView::timeJson() const {
    json out = timeOf(parts_);
    out["at"] = formatWallTime(parts_.clock.wallNow().time);
    return out.dump();
}

std::string GatewayView::camerasJson() const {
    json rows = json::array();
    for (const auto& camera : parts_.cameras) {
        rows.push_back({{"id", camera->config().id},
                        {"name", camera->config().name},
                        {"state", camera->stateName()},
                        {"detail", camera->detail()},
                        {"since", formatWallTime(wallOf(camera->stateSince()))},
                        {"counters", counters(*camera, parts_.recorder)}});
    }
    return jsonText({{"cameras", rows}});
}

std::string GatewayView::statusJson() const {
    const TimeMap map = parts_.clock.timeMap();
    const auto& figures = parts_.outbox.figures();
    json out = json::parse(camerasJson());
    out["gateway"] = parts_.configuration.gateway;
    out["firmware"] = parts_.firmware;
    out["at"] = formatWallTime(parts_.clock.wallNow().time);
    out["time"] = timeOf(parts_);
    out["started"] = {{"at", formatWallTime(map.toWall(started_))}};
    if (!parts_.last_end.empty()) out["started"]["last_end"] = parts_.last_end;
    out["link"] = linkJson(parts_);
    out["storage"] = storageJson(parts_.recorder);
    out["outbox"] = {{"rows", figures.rows}, {"bytes", figures.bytes}, {"dropped", figures.dropped}};
    if (const auto& error = parts_.outbox.error()) out["outbox"] = {{"error", error->describe()}};
    out["machine"] = machineJson(readMachineHealth());
    out["processes"] = json::array();
    for (const NamedProcess& process : namedProcesses(parts_)) {
        json row = {{"name", process.name}, {"pid", process.pid}};
        if (const auto stats = readProcessStats(process.pid)) {
            row["cpu_s"] = stats->cpu_s;
            row["rss_kb"] = stats->rss_kb;
        }
        out["processes"].push_back(row);
    }
    return jsonText(out);
}

}  // namespace camgate::app
