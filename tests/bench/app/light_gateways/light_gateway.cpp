#include "light_gateway.hpp"

#include "uplink/new_id.hpp"

namespace camgate::bench {

using std::chrono::seconds;

LightGateway::LightGateway(Parts parts, uplink::UplinkSettings settings)
    : loop_(parts.loop),
      settings_(std::move(settings)),
      link_(std::move(parts.link)),
      outbox_(parts.loop, std::move(parts.state_thread), outbox::Outbox::open(parts.data_folder)),
      control_(parts.loop, parts.launcher, ipc::WorkerRole::LinkControl,
               [this] { return controlSettings(); }),
      bulk_(parts.loop, parts.launcher, ipc::WorkerRole::LinkBulk, [this] { return bulkSettings(); }),
      clips_(parts.loop, parts.clip, settings_.gateway),
      started_(parts.loop.clock().wallNow().time),
      uplink_(settings_, {parts.loop, control_, bulk_, outbox_, clips_, *this, *this, *this, nullptr}) {}

ipc::LinkSettings LightGateway::controlSettings() {
    ipc::LinkSettings settings = link_;
    settings.client_id = settings_.gateway;
    settings.subscriptions = uplink_.subscriptions();
    settings.will_topic = uplink_.statusTopic();
    settings.will_payload = uplink_.willPayload();
    return settings;
}

ipc::LinkSettings LightGateway::bulkSettings() const {
    ipc::LinkSettings settings = link_;
    settings.client_id = settings_.gateway + "-bulk";
    settings.clean_start = true;
    settings.session_expiry_s = 0;
    return settings;
}

std::vector<uplink::CameraStatus> LightGateway::list() const {
    return {{"gate", "Gate", "ok", "", started_}};
}

void LightGateway::snapshot(const std::string&, std::size_t,
                            std::function<void(Result<uplink::Snapshot>)> answer) {
    answer(fail(ErrorKind::NotFound, "no camera is behind this gateway"));
}

uplink::EventReport LightGateway::report(uplink::ReportPhase phase, bool alarm) const {
    uplink::EventReport report;
    report.camera = "gate";
    report.event = event_;
    report.phase = phase;
    report.alarm = alarm;
    report.start = event_start_;
    report.last_motion = now();
    report.clip_from = event_start_ - seconds(5);
    report.quality = WallQuality::Ntp;
    report.confidence = 0.8;
    report.zones = {"path"};
    if (phase == uplink::ReportPhase::End) report.end = report.clip_to = now();
    return report;
}

void LightGateway::startAlarm() {
    event_ = uplink::newId();
    event_start_ = now();
    ++alarms_;
    uplink_.reportEvent(report(uplink::ReportPhase::Start, true));
}

void LightGateway::endAlarm(bool with_clip) {
    auto end = report(uplink::ReportPhase::End, true);
    if (with_clip) {
        ++alarms_with_clip_;
    } else {
        end.clip_to.reset();
    }
    uplink_.reportEvent(end);
}

}  // namespace camgate::bench
