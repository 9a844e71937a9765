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
    return camera + ": " +
           (until.is_string() ? tr("paused until") + " " + timeOf(until) : tr("paused until resume")) + "\n";
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
