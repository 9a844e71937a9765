#include <nlohmann/json.hpp>

#include "config/path.hpp"
#include "console/camera_flow.hpp"
#include "console/camera_view.hpp"
#include "console/candidate_flow.hpp"
#include "console/json_text.hpp"
#include "console/language.hpp"
#include "console/verbs.hpp"

namespace camgate::console::verbs {
namespace {

using nlohmann::json;

/// "0.1,0.2 0.9,0.2" as a list of pairs; null: it is none.
json cornersOf(const std::string& typed) {
    json out = json::array();
    std::size_t at = 0;
    while ((at = typed.find_first_not_of(' ', at)) != std::string::npos) {
        const std::string one = typed.substr(at, std::min(typed.find(' ', at), typed.size()) - at);
        const json pair = json::parse("[" + one + "]", nullptr, false);
        if (!pair.is_array() || pair.size() != 2 || !pair[0].is_number() || !pair[1].is_number()) return {};
        out.push_back(pair);
        at += one.size();
    }
    return out;
}

}  // namespace

int discoverCameras(Session& session, const Arguments& arguments) {
    json parameters = {{"seconds", arguments.number("seconds", 3)}, {"scan", arguments.has("scan")}};
    if (arguments.has("interface")) parameters["interface"] = arguments.text("interface");
    return session.ask("cameras.discover", parameters, renderFound);
}

int addCamera(Session& session, const Arguments& arguments) {
    NewCamera camera;
    camera.id = arguments.text("CAMERA");
    camera.name = arguments.text("name");
    camera.user = arguments.text("user");
    if (auto alone = nobodyEdits(session); !alone) return session.failed(alone.error());
    if (!camera.user.empty()) camera.password = session.askLine(tr("the camera's password: "), true);
    Status done = chooseStreams(session, arguments.text("ADDRESS"), camera);
    if (arguments.has("sub")) camera.sub = arguments.text("sub");
    if (done) done = tryCamera(session, camera);
    if (done) done = saveCamera(session, camera);
    if (done) done = awaitCamera(session, camera.id);
    if (!done) return session.failed(done.error());
    session.say(tr("the camera delivers and is recorded:") + " " + camera.id + "\n");
    return 0;
}

int testCamera(Session& session, const Arguments& arguments) {
    session.sayNow(tr("receiving it for some seconds ...") + "\n");
    return session.ask("cameras.test", {{"camera", arguments.text("CAMERA")}}, renderTrial);
}

int removeCamera(Session& session, const Arguments& arguments) {
    const std::string id = arguments.text("CAMERA");
    if (!arguments.has("yes") &&
        session.askLine(tr("Its footage stays until it is overwritten. Type the camera's id to go on: ")) !=
            id)
        return session.failed({ErrorKind::Cancelled, 0, tr("nothing was changed")});
    if (auto alone = nobodyEdits(session); !alone) return session.failed(alone.error());
    const auto unset = session.call("config.unset", {{"path", "cameras/" + id}});
    if (!unset) return session.failed(unset.error());
    if (auto done = commitAndWait(session); !done) return session.failed(done.error());
    session.say(tr("done") + "\n");
    return 0;
}

int showZones(Session& session, const Arguments& arguments) {
    const auto answer = session.call("config.show", {{"defaults", true}});
    if (!answer) return session.failed(answer.error());
    const std::string id = arguments.text("CAMERA");
    const json document = fieldOf(parsedObject(*answer), "document");
    for (const json& camera : fieldOf(document, "cameras")) {
        if (textOf(fieldOf(camera, "id")) != id) continue;
        return session.show(fieldOf(fieldOf(camera, "motion"), "zones").dump(), renderZones);
    }
    return session.failed({ErrorKind::NotFound, 0, "there is no camera " + id});
}

int setZone(Session& session, const Arguments& arguments) {
    const json corners = cornersOf(arguments.text("CORNERS"));
    if (corners.is_null())
        return session.failed({ErrorKind::InvalidArgument, 0,
                               "CORNERS: expected pairs like \"0.1,0.2 0.9,0.2 0.9,0.8\", parts of the "
                               "picture from the top left"});
    const std::string path =
        "cameras/" + arguments.text("CAMERA") + "/motion/zones/" + arguments.text("ZONE") + "/";
    const auto kind =
        session.call("config.set", {{"path", path + "kind"}, {"value", arguments.text("KIND")}});
    if (!kind) return session.failed(kind.error());
    return showCandidate(session,
                         session.call("config.set", {{"path", path + "polygon"}, {"value", corners.dump()}}));
}

}  // namespace camgate::console::verbs
