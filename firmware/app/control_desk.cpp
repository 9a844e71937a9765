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

Result<clip::ClipRequest> requestOf(const json& parameters) {
    clip::ClipRequest request;
    request.camera = parameters["camera"];
    const auto from = parseWallTime(parameters["from"].get<std::string>());
    const auto to = parseWallTime(parameters["to"].get<std::string>());
    const auto quality = clip::qualityFromText(parameters.value("quality", "full"));
    if (!from) return std::unexpected(from.error());
    if (!to) return std::unexpected(to.error());
    if (!quality) return std::unexpected(quality.error());
    request.from = *from;
    request.to = *to;
    request.quality = *quality;
    request.reason = "owner";
    return request;
}

}  // namespace

void ControlDesk::call(std::string_view command, const std::string& parameters, Answer answer) {
    if (command == "status") return answer(view_.statusJson());
    if (command == "cameras") return answer(view_.camerasJson());
    if (command == "events") return events(parameters, std::move(answer));
    if (command == "clip.plan") return planClip(parameters, std::move(answer));
    if (command == "clip.read") return readClip(parameters, std::move(answer));
    if (command == "clip.release") return releaseClip(parameters, answer);
    if (command == "snapshot") return snapshot(parameters, std::move(answer));
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

void ControlDesk::planClip(const std::string& parameters, Answer answer) {
    const auto request = requestOf(json::parse(parameters));
    if (!request) return answer(std::unexpected(request.error()));
    clips_.plan(*request, [answer = std::move(answer)](const Result<clip::PlannedClip>& planned) {
        if (!planned) return answer(std::unexpected(planned.error()));
        answer(text({{"clip", planned->id},
                     {"bytes", planned->bytes},
                     {"manifest", json::parse(planned->manifest, nullptr, false)}}));
    });
}

void ControlDesk::readClip(const std::string& parameters, Answer answer) {
    const json asked = json::parse(parameters);
    clips_.read(asked["clip"], asked["offset"], asked["length"],
                [answer = std::move(answer)](const Result<Bytes>& bytes) {
                    if (!bytes) return answer(std::unexpected(bytes.error()));
                    answer(text({{"bytes", toBase64(*bytes)}}));
                });
}

void ControlDesk::releaseClip(const std::string& parameters, const Answer& answer) {
    clips_.release(json::parse(parameters)["clip"]);
    answer(std::string("{}"));
}

void ControlDesk::snapshot(const std::string& parameters, Answer answer) {
    view_.snapshot(json::parse(parameters)["camera"], kLargestPicture_bytes,
                   [answer = std::move(answer)](const Result<uplink::Snapshot>& taken) {
                       if (!taken) return answer(std::unexpected(taken.error()));
                       answer(text({{"at", formatWallTime(taken->at)}, {"jpeg", toBase64(taken->jpeg)}}));
                   });
}

}  // namespace camgate::app
