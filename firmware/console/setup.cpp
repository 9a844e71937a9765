#include "console/setup.hpp"

#include <unistd.h>

#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>

#include "base/clock.hpp"
#include "base/local_time.hpp"
#include "console/camera_flow.hpp"
#include "console/camera_view.hpp"
#include "console/candidate_flow.hpp"
#include "console/hub_flow.hpp"
#include "console/interrupt.hpp"
#include "console/json_text.hpp"
#include "console/language.hpp"
#include "console/pin_dialog.hpp"
#include "console/table_text.hpp"

namespace camgate::console {
namespace {

using nlohmann::json;

constexpr useconds_t kAskStatus_us = 500'000;
constexpr int kLinkRounds = 120;
constexpr int kEventRounds = 180;

/// What camgated may not know yet is no reason to stop.
bool stops(const Status& done) {
    return !done && done.error().kind == ErrorKind::Cancelled;
}

}  // namespace

int Setup::run() {
    using Step = Status (Setup::*)();
    constexpr std::array<Step, 6> kSteps{&Setup::pin,     &Setup::network,   &Setup::hub,
                                         &Setup::cameras, &Setup::testEvent, &Setup::summary};
    int status = 0;
    for (const Step step : kSteps) {
        const Status done = interrupted() ? fail(ErrorKind::Cancelled, "stopped") : (this->*step)();
        if (!done) status = session_.failed(done.error());
        if (stops(done)) return status;
        // Nothing goes on behind a closed door.
        if (!done && (step == &Setup::pin)) return status;
    }
    return status;
}

void Setup::heading(const std::string& text) {
    session_.say("\n" + std::to_string(++step_) + ". " + text + "\n");
}

Status Setup::pin() {
    heading(tr("The technician's PIN"));
    const auto state = session_.call("login.state", json::object());
    if (!state) return std::unexpected(state.error());
    const json shown = parsedObject(*state);
    if (textOf(fieldOf(shown, "role")) == "technician") return {};
    if (fieldOf(fieldOf(fieldOf(shown, "pins"), "technician"), "set") == true)
        return fail(ErrorKind::PermissionDenied, tr("a PIN is set: login technician, then setup"));
    session_.say(tr("None is set yet. From now on this console asks for it.") + "\n");
    return askNewPin(session_, "technician");
}

Status Setup::goodEnough(const std::vector<NetworkStep>& steps) {
    session_.say(renderNetworkSteps(steps));
    const bool good = std::ranges::all_of(steps, &NetworkStep::good);
    if (good || session_.yes(tr("Not all of it is good. Go on all the same?"), true)) return {};
    return fail(ErrorKind::Cancelled, tr("set up the network first, then setup again"));
}

Status Setup::network() {
    heading(tr("Network and time"));
    if (auto good = goodEnough(checkWayOut()); !good) return good;
    return timeZone();
}

Status Setup::timeZone() {
    const auto told = session_.call("time", json::object());
    if (!told) return std::unexpected(told.error());
    const std::string zone = textOf(fieldOf(parsedObject(*told), "zone"));
    for (;;) {
        const std::string typed = session_.askLine(tr("Time zone") + " [" + zone + "]: ");
        Status done;
        if (!typed.empty() && typed != zone) done = changeSettings(session_, {{"time_zone", typed}});
        if (done) done = session_.followZone();
        if (done) break;
        session_.failed(done.error());
        if (stops(done) || !session_.yes(tr("Once more?"), true)) return done;
    }
    session_.say(tr("time here:") + " " + formatLocalTime(SystemClock().wallNow().time) + "\n");
    return {};
}

std::string Setup::statusText(const char* part, const char* key) {
    const auto status = session_.call("status", json::object());
    if (!status) return "-";
    const json shown = parsedObject(*status);
    return textOf(fieldOf(fieldOf(shown, part), key));
}

bool Setup::awaitLink() {
    for (int round = 0; round < kLinkRounds && !interrupted(); ++round) {
        if (statusText("link", "state") == "up") return true;
        ::usleep(kAskStatus_us);
    }
    return false;
}

/// Its address, the way there, and certificates for it.
Status Setup::reachHub() {
    const bool enrolled = statusText("link", "state") != "no-credentials";
    const auto hub = enrolled ? configuredHub(session_) : chooseHub(session_);
    if (!hub) return std::unexpected(hub.error());
    if (auto good = goodEnough(checkHub(hub->host, hub->port)); !good || enrolled) return good;
    return enrolByTalk(session_, options_.enrol_port);
}

Status Setup::hub() {
    heading(tr("The commune's hub"));
    for (;;) {
        const Status reached = reachHub();
        if (reached) break;
        if (stops(reached)) return reached;
        session_.failed(reached.error());
        if (!session_.yes(tr("Once more?"), true))
            return fail(ErrorKind::Unavailable, tr("the hub comes later: hub enrol, or setup again"));
    }
    session_.sayNow(tr("waiting for the hub ...") + "\n");
    if (!awaitLink())
        return fail(ErrorKind::Unavailable,
                    tr("the hub does not answer, it is:") + " " + statusText("link", "state"));
    session_.say(tr("The hub answers.") + "\n");
    return {};
}

Status Setup::addOne(const std::string& address, const std::string& suggested) {
    NewCamera camera;
    camera.id = session_.askLine(tr("A short id for it, letters and digits (empty: leave it out): "));
    if (camera.id.empty()) return {};
    camera.name = session_.askLine(tr("Its name for people") + " [" + suggested + "]: ");
    if (camera.name.empty()) camera.name = suggested;
    const std::string user = session_.askLine(tr("Its user") + (user_.empty() ? ": " : " [" + user_ + "]: "));
    if (!user.empty()) user_ = user;
    const std::string password = session_.askLine(
        password_.empty() ? tr("Its password: ") : tr("Its password (empty: the same again): "), true);
    if (!password.empty()) password_ = password;
    camera.user = user_;
    camera.password = password_;
    Status done = chooseStreams(session_, address, camera);
    if (done) done = tryCamera(session_, camera);
    if (done) done = saveCamera(session_, camera);
    if (done) done = awaitCamera(session_, camera.id);
    if (done) session_.say(tr("the camera delivers and is recorded:") + " " + camera.id + "\n");
    return done;
}

Status Setup::cameras() {
    heading(tr("Cameras"));
    session_.sayNow(tr("looking for cameras on the network ...") + "\n");
    json parameters = {{"seconds", 3}};
    if (!options_.interface.empty()) parameters["interface"] = options_.interface;
    const auto found = session_.call("cameras.discover", parameters);
    if (!found) return std::unexpected(found.error());
    session_.say(renderFound(*found));
    const json answer = parsedObject(*found);
    for (const json& camera : fieldOf(answer, "cameras")) {
        if (interrupted()) return fail(ErrorKind::Cancelled, "stopped");
        const std::string url = textOf(fieldOf(camera, "url"));
        const std::string name = textOf(fieldOf(camera, "name"));
        session_.say("\n" + tr("Camera") + " " + name + ", " + textOf(fieldOf(camera, "address")) + "\n");
        for (;;) {
            const Status done = addOne(url, name);
            if (done) break;
            session_.failed(done.error());
            if (stops(done)) return done;
            if (!session_.yes(tr("Once more?"), true)) break;
        }
    }
    return {};
}

Status Setup::testEvent() {
    heading(tr("A test event"));
    const auto status = session_.call("status", json::object());
    if (!status) return std::unexpected(status.error());
    const json shown = parsedObject(*status);
    if (fieldOf(shown, "cameras").empty()) return {};
    const std::string begun = textOf(fieldOf(shown, "at"));
    session_.sayNow(tr("Please walk through the picture of a camera; waiting for its event ...") + "\n");
    for (int round = 0; round < kEventRounds && !interrupted(); ++round) {
        const auto events = session_.call("events", {{"limit", 1}});
        if (!events) return std::unexpected(events.error());
        const json newest = parsedObject(*events);
        const json& list = fieldOf(newest, "events");
        if (list.is_array() && !list.empty() && textOf(fieldOf(list[0], "start")) >= begun) {
            event_ = textOf(fieldOf(list[0], "camera")) + ", " + timeOf(fieldOf(list[0], "start"));
            // A row leaves on the hub's receipt alone.
            if (statusText("outbox", "rows") == "0") {
                session_.say(tr("Seen, and the hub has confirmed it:") + " " + event_ + "\n");
                return {};
            }
        }
        ::usleep(kAskStatus_us);
    }
    if (event_.empty()) return fail(ErrorKind::Timeout, tr("no camera saw motion"));
    return fail(ErrorKind::Timeout, tr("the event was seen, but the hub has not confirmed it"));
}

Status Setup::summary() {
    heading(tr("Summary, to read out to the commune"));
    const auto status = session_.call("status", json::object());
    if (!status) return std::unexpected(status.error());
    const json shown = parsedObject(*status);
    std::vector<Row> rows{
        {tr("gateway"), textOf(fieldOf(shown, "gateway"))},
        {tr("firmware"), textOf(fieldOf(shown, "firmware"))},
        {tr("time"),
         timeOf(fieldOf(shown, "at")) + ", " + textOf(fieldOf(fieldOf(shown, "time"), "quality"))},
        {tr("hub"), textOf(fieldOf(fieldOf(shown, "link"), "state"))},
        {tr("storage"), textOf(fieldOf(fieldOf(shown, "storage"), "state")) + ", " + tr("sealed:") + " " +
                            textOf(fieldOf(fieldOf(shown, "storage"), "sealed"))},
    };
    for (const json& camera : fieldOf(shown, "cameras")) {
        rows.push_back({tr("camera") + " " + textOf(fieldOf(camera, "id")),
                        textOf(fieldOf(camera, "name")) + ", " + textOf(fieldOf(camera, "state"))});
    }
    rows.push_back({tr("test event"), event_.empty() ? "-" : event_});
    session_.say(tableText(rows));
    return {};
}

}  // namespace camgate::console
