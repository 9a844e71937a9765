#include "app/erase_desk.hpp"

#include <nlohmann/json.hpp>
#include <utility>

#include "base/wall_text.hpp"

namespace camgate::app {
namespace {

using nlohmann::json;

std::string text(const json& value) {
    return value.dump(-1, ' ', false, json::error_handler_t::replace);
}

Result<ring::DayRange> daysOf(const json& parameters) {
    ring::DayRange days;
    for (const auto& [name, day] : {std::pair{"from", &days.first}, std::pair{"to", &days.last}}) {
        if (!parameters.contains(name)) continue;
        const auto time = parseWallTime(parameters[name].get<std::string>());
        if (!time) return std::unexpected(time.error());
        *day = ring::dayOf(*time);
    }
    if (days.last < days.first) return fail(ErrorKind::InvalidArgument, "the range ends before it begins");
    return days;
}

}  // namespace

uplink::AuditRecord EraseDesk::entry(std::string outcome, std::string detail_json) const {
    return {clock_.wallNow().time, "console", "footage.erase", std::move(outcome), std::move(detail_json)};
}

void EraseDesk::erase(const std::string& parameters, Answer answer) {
    const json asked = json::parse(parameters);
    const auto days = daysOf(asked);
    if (!days) return answer(std::unexpected(days.error()));
    const std::string camera = asked["camera"];
    audit_(entry("started", parameters),
           [this, camera, days = *days, answer = std::move(answer)](const Status& kept) mutable {
               if (kept) return runErase(camera, days, std::move(answer));
               Error error = kept.error();
               error.context = "nothing is erased without an audit entry: " + error.context;
               answer(std::unexpected(error));
           });
}

void EraseDesk::runErase(const std::string& camera, const ring::DayRange& days, Answer answer) {
    recorder_.erase(camera, days,
                    [this, camera, answer = std::move(answer)](const Result<std::uint32_t>& erased) {
                        json detail = {{"camera", camera}};
                        if (erased) {
                            detail["keys"] = *erased;
                        } else {
                            detail["error"] = erased.error().describe();
                        }
                        // What was erased is gone whether or not the second entry is kept.
                        audit_(entry(erased ? "done" : "failed", text(detail)), [](const Status&) {});
                        if (!erased) return answer(std::unexpected(erased.error()));
                        answer(text({{"keys", *erased}}));
                    });
}

}  // namespace camgate::app
