#include "app/event_desk.hpp"

#include <utility>

#include "app/picture.hpp"
#include "base/log.hpp"
#include "events/settings.hpp"

namespace camgate::app {
namespace {

uplink::ReportPhase phaseOf(events::EventPhase phase) {
    switch (phase) {
        case events::EventPhase::Start:
            return uplink::ReportPhase::Start;
        case events::EventPhase::Update:
            return uplink::ReportPhase::Update;
        case events::EventPhase::End:
            return uplink::ReportPhase::End;
    }
    return uplink::ReportPhase::Update;
}

uplink::EventReport reportOf(const config::CameraConfig& camera, const events::EventUpdate& update,
                             const TimeMap& map) {
    const events::Event& event = update.event;
    uplink::EventReport report;
    report.camera = camera.id;
    report.event = event.id;
    report.phase = phaseOf(update.phase);
    report.alarm = camera.motion.alarm;
    report.start = map.toWall(event.start);
    report.last_motion = map.toWall(event.last_motion);
    report.clip_from = map.toWall(event.clip_from);
    if (update.phase == events::EventPhase::End) {
        report.end = report.last_motion;
        report.clip_to = map.toWall(event.clip_to);
    }
    report.quality = map.quality;
    report.error_bound = map.error_bound;
    report.confidence = event.best_confidence;
    report.box = {event.best_box.x, event.best_box.y, event.best_box.w, event.best_box.h};
    report.zones = events::zoneNames(camera.motion, event.zones_touched);
    return report;
}

}  // namespace

void EventDesk::onUpdate(CameraSession& camera, const events::EventUpdate& update) {
    const uplink::EventReport report = reportOf(camera.config(), update, clock_.timeMap());
    report_(report);
    if (update.phase == events::EventPhase::End) {
        running_.erase(report.camera);
        return;
    }
    running_[report.camera] = report;
    if (update.phase == events::EventPhase::Start) addStill(camera, report.event);
}

void EventDesk::addStill(CameraSession& camera, const std::string& event) {
    takePicture(
        camera, longest_still_(), [this, id = camera.config().id, event](Result<ipc::Snapshot> taken) {
            const auto running = running_.find(id);
            if (running == running_.end() || running->second.event != event)
                return;  // over before the picture came
            if (!taken) {
                logEvent(LogLevel::Warning, "app", "event-without-still",
                         {{"camera", id}, {"why", taken.error()}});
                return;
            }
            uplink::EventReport report = running->second;
            report.phase = uplink::ReportPhase::Update;
            report.still = uplink::Still{clock_.timeMap().toWall(taken->captured_at), std::move(taken->jpeg)};
            report_(report);
        });
}

}  // namespace camgate::app
