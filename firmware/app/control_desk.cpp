#include "app/control_desk.hpp"

#include <array>
#include <nlohmann/json.hpp>
#include <utility>

#include "base/wall_text.hpp"

namespace camgate::app {
namespace {

using nlohmann::json;

constexpr std::size_t kDefaultEvents = 20;
constexpr std::size_t kMostEvents = 1000;
constexpr std::size_t kLargestPicture_bytes = 256U << 10U;

std::string text(const json& value) {
    return value.dump(-1, ' ', false, json::error_handler_t::replace);
}

}  // namespace

void ControlDesk::call(std::string_view command, const std::string& parameters, Answer answer) {
    if (command == "status") return answer(view_.statusJson());
    if (command == "cameras") return answer(view_.camerasJson());
    if (command == "events") return events(parameters, std::move(answer));
    if (command == "clip.plan") return clips_.plan(parameters, std::move(answer));
    if (command == "clip.read") return clips_.read(parameters, std::move(answer));
    if (command == "clip.finish") return clips_.finish(parameters, std::move(answer));
    if (command == "clip.release") return clips_.release(parameters, answer);
    if (command == "storage.status") return storage_.status(std::move(answer));
    if (command == "storage.format") return jobs_.format(parameters, std::move(answer));
    if (command == "storage.check") return jobs_.check(answer);
    if (command == "storage.job") return answer(jobs_.jobJson());
    if (command == "snapshot") return snapshot(parameters, std::move(answer));
    if (command == "footage.erase") return erasing_.erase(parameters, std::move(answer));
    if (command == "footage.reset") return erasing_.reset(std::move(answer));
    if (command.starts_with("config.") || command.starts_with("secret."))
        return configuration_.call(command, parameters, answer);
    answer(fail(ErrorKind::Internal, "nobody answers " + std::string(command)));
}

void ControlDesk::events(const std::string& parameters, Answer answer) {
    const json asked = json::parse(parameters);
    outbox::EventQuery query;
    if (asked.contains("camera")) query.camera = asked["camera"].get<std::string>();
    query.limit = std::min(asked.value("limit", kDefaultEvents), kMostEvents);
    using Entries = std::vector<outbox::EventEntry>;
    outbox_.ask<Entries>([query](outbox::Outbox& outbox) { return outbox.events(query); },
                         [answer = std::move(answer)](const Result<Entries>& entries) {
                             if (!entries) return answer(std::unexpected(entries.error()));
                             json list = json::array();
                             for (const auto& entry : *entries)
                                 list.push_back(json::parse(entry.json, nullptr, false));
                             answer(text({{"events", list}}));
                         });
}

void ControlDesk::snapshot(const std::string& parameters, Answer answer) {
    view_.snapshot(json::parse(parameters)["camera"], kLargestPicture_bytes,
                   [answer = std::move(answer)](const Result<uplink::Snapshot>& taken) {
                       if (!taken) return answer(std::unexpected(taken.error()));
                       answer(text({{"at", formatWallTime(taken->at)}, {"jpeg", toBase64(taken->jpeg)}}));
                   });
}

}  // namespace camgate::app
