#include <nlohmann/json.hpp>

#include "console/duration_text.hpp"
#include "console/json_text.hpp"
#include "console/language.hpp"
#include "console/verbs.hpp"

namespace camgate::console::verbs {
namespace {

using nlohmann::json;

std::string renderPause(const std::string& result) {
    const json answer = parsedObject(result);
    const std::string camera = textOf(fieldOf(answer, "camera"));
    if (fieldOf(answer, "paused") != true) return camera + ": " + tr("it goes on") + "\n";
    if (textOf(fieldOf(answer, "by")) == "schedule")
        return camera + ": " + tr("paused by its hours, see config show cameras") + "\n";
    const json& until = fieldOf(answer, "until");
    const json& left = fieldOf(answer, "left_s");
    if (until.is_string()) return camera + ": " + tr("paused until") + " " + timeOf(until) + "\n";
    if (!left.is_number_unsigned()) return camera + ": " + tr("paused until resume") + "\n";
    const std::uint64_t minutes = (left.get<std::uint64_t>() + 59) / 60;
    return camera + ": " + tr("paused from now for") + " " + std::to_string(minutes) + " min; " +
           tr("until when is told once the clock is set") + "\n";
}

}  // namespace

int pauseCamera(Session& session, const Arguments& arguments) {
    json parameters = {{"camera", arguments.text("CAMERA")}};
    if (arguments.has("FOR")) {
        if (arguments.text("FOR") != "for" || !arguments.has("DURATION"))
            return session.failed({ErrorKind::InvalidArgument, 0, tr("expected: pause CAMERA for DURATION")});
        const auto length = parseDuration(arguments.text("DURATION"));
        if (!length) return session.failed(length.error());
        parameters["for_s"] = length->count();
    }
    return session.ask("pause", parameters, renderPause);
}

int resumeCamera(Session& session, const Arguments& arguments) {
    return session.ask("resume", {{"camera", arguments.text("CAMERA")}}, renderPause);
}

}  // namespace camgate::console::verbs
