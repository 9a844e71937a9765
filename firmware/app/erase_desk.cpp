#include "app/erase_desk.hpp"

#include <nlohmann/json.hpp>
#include <utility>

#include "app/json_text.hpp"
#include "base/wall_text.hpp"

namespace camgate::app {
namespace {

using nlohmann::json;

constexpr const char* kErase = "footage.erase";
constexpr const char* kReset = "footage.reset";

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

void EraseDesk::auditThenRun(const std::string& who, const char* action, const std::string& detail_json,
                             Work work, Answer answer) {
    audit_({clock_.wallNow().time, who, action, "started", detail_json},
           [work = std::move(work), answer = std::move(answer)](const Status& kept) mutable {
               if (kept) return work(std::move(answer));
               Error error = kept.error();
               error.context = "nothing is erased without an audit entry: " + error.context;
               answer(std::unexpected(error));
           });
}

void EraseDesk::auditEnd(const std::string& who, const char* action, json detail, const Error* error) {
    if (error != nullptr) detail["error"] = error->describe();
    // What was erased is gone whether or not this entry is kept.
    audit_({clock_.wallNow().time, who, action, error == nullptr ? "done" : "failed", jsonText(detail)},
           [](const Status&) {});
}

void EraseDesk::erase(const std::string& who, const std::string& parameters, Answer answer) {
    const json asked = json::parse(parameters);
    const auto days = daysOf(asked);
    if (!days) return answer(std::unexpected(days.error()));
    const std::string camera = asked["camera"];
    const Work work = [this, who, camera, days = *days](Answer then) {
        runErase(who, camera, days, std::move(then));
    };
    auditThenRun(who, kErase, parameters, work, std::move(answer));
}

void EraseDesk::runErase(const std::string& who, const std::string& camera, const ring::DayRange& days,
                         Answer answer) {
    recorder_.erase(camera, days,
                    [this, who, camera, answer = std::move(answer)](const Result<std::uint32_t>& erased) {
                        json detail = {{"camera", camera}};
                        if (erased) detail["keys"] = *erased;
                        auditEnd(who, kErase, detail, erased ? nullptr : &erased.error());
                        if (!erased) return answer(std::unexpected(erased.error()));
                        answer(jsonText({{"keys", *erased}}));
                    });
}

void EraseDesk::reset(const std::string& who, Answer answer) {
    auditThenRun(
        who, kReset, "{}", [this, who](Answer then) { runReset(who, std::move(then)); }, std::move(answer));
}

void EraseDesk::runReset(const std::string& who, Answer answer) {
    recorder_.eraseAll([this, who, answer = std::move(answer)](const Status& erased) {
        auditEnd(who, kReset, json::object(), erased ? nullptr : &erased.error());
        if (!erased) return answer(std::unexpected(erased.error()));
        answer("{}");
    });
}

}  // namespace camgate::app
