#include "app/control_desk.hpp"

#include <array>
#include <nlohmann/json.hpp>
#include <utility>

#include "app/audit_view.hpp"
#include "app/json_text.hpp"
#include "base/wall_text.hpp"

namespace camgate::app {
namespace {

using nlohmann::json;

constexpr std::size_t kDefaultEvents = 20;
constexpr std::size_t kMostEvents = 1000;
constexpr std::size_t kDefaultAudits = 20;
constexpr std::size_t kMostAudits = 100;
constexpr std::size_t kLargestPicture_bytes = 256U << 10U;

}  // namespace

void ControlDesk::call(const std::string& who, std::string_view command, const std::string& parameters,
                       Answer answer) {
    if (command == "status") return answer(desks_.view.statusJson());
    if (command == "time") return answer(desks_.view.timeJson());
    if (command == "metrics") return answer(jsonText({{"text", desks_.metrics()}}));
    if (command == "cameras") return answer(desks_.view.camerasJson());
    if (command == "cameras.discover") return desks_.cameras.discover(parameters, std::move(answer));
    if (command == "cameras.describe") return desks_.cameras.describe(parameters, std::move(answer));
    if (command == "cameras.test") return desks_.cameras.test(parameters, std::move(answer));
    if (command == "pause") return desks_.pauses.pause(who, parameters, std::move(answer));
    if (command == "resume") return desks_.pauses.resume(who, parameters, std::move(answer));
    if (command == "events") return events(parameters, std::move(answer));
    if (command == "audit") return audit(parameters, std::move(answer));
    if (command == "clip.plan") return desks_.clips.plan(who, parameters, std::move(answer));
    if (command == "clip.read") return desks_.clips.read(parameters, std::move(answer));
    if (command == "clip.finish") return desks_.clips.finish(parameters, std::move(answer));
    if (command == "clip.release") return desks_.clips.release(parameters, answer);
    if (command == "storage.status") return desks_.storage.status(std::move(answer));
    if (command == "storage.format") return desks_.jobs.format(who, parameters, std::move(answer));
    if (command == "storage.check") return desks_.jobs.check(answer);
    if (command == "storage.job") return answer(desks_.jobs.jobJson());
    if (command == "snapshot") return snapshot(parameters, std::move(answer));
    if (command == "footage.erase") return desks_.erasing.erase(who, parameters, std::move(answer));
    if (command == "footage.reset") return desks_.erasing.reset(who, std::move(answer));
    if (command == "hub.request") return desks_.enrolment.request(std::move(answer));
    if (command == "hub.speed") return desks_.line.measure(std::move(answer));
    if (command == "hub.root") return desks_.enrolment.root(parameters, std::move(answer));
    if (command == "hub.enrol") return desks_.enrolment.enrol(who, parameters, std::move(answer));
    if (command == "hub.install") return desks_.enrolment.install(who, parameters, std::move(answer));
    if (command == "factory.reset") return desks_.factory.reset(who, parameters, std::move(answer));
    if (command.starts_with("config.") || command.starts_with("secret."))
        return desks_.configuration.call(who, command, parameters, answer);
    if (command.starts_with("update.") || command.starts_with("machine."))
        return desks_.updates.call(who, command, parameters, std::move(answer));
    answer(fail(ErrorKind::Internal, "nobody answers " + std::string(command)));
}

void ControlDesk::events(const std::string& parameters, Answer answer) {
    const json asked = json::parse(parameters);
    outbox::EventQuery query;
    if (asked.contains("camera")) query.camera = asked["camera"].get<std::string>();
    query.limit = std::min(asked.value("limit", kDefaultEvents), kMostEvents);
    using Entries = std::vector<outbox::EventEntry>;
    desks_.outbox.ask<Entries>([query](outbox::Outbox& outbox) { return outbox.events(query); },
                               [answer = std::move(answer)](const Result<Entries>& entries) {
                                   if (!entries) return answer(std::unexpected(entries.error()));
                                   json list = json::array();
                                   for (const auto& entry : *entries)
                                       list.push_back(json::parse(entry.json, nullptr, false));
                                   answer(jsonText({{"events", list}}));
                               });
}

void ControlDesk::audit(const std::string& parameters, Answer answer) {
    const json asked = json::parse(parameters);
    const std::size_t limit = std::min(asked.value("limit", kDefaultAudits), kMostAudits);
    const auto below = asked.value("below", std::uint64_t{0});
    using Entries = std::vector<outbox::KeptAudit>;
    desks_.outbox.ask<Entries>([below, limit](outbox::Outbox& outbox) { return outbox.audits(below, limit); },
                               [answer = std::move(answer)](const Result<Entries>& entries) {
                                   if (!entries) return answer(std::unexpected(entries.error()));
                                   answer(auditJson(*entries));
                               });
}

void ControlDesk::snapshot(const std::string& parameters, Answer answer) {
    desks_.view.snapshot(
        json::parse(parameters)["camera"], kLargestPicture_bytes,
        [answer = std::move(answer)](const Result<uplink::Snapshot>& taken) {
            if (!taken) return answer(std::unexpected(taken.error()));
            answer(jsonText({{"at", formatWallTime(taken->at)}, {"jpeg", toBase64(taken->jpeg)}}));
        });
}

}  // namespace camgate::app
