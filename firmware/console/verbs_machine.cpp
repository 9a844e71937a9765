#include <fcntl.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <nlohmann/json.hpp>

#include "base/clock.hpp"
#include "base/local_time.hpp"
#include "console/hub_flow.hpp"
#include "console/json_text.hpp"
#include "console/language.hpp"
#include "console/local_view.hpp"
#include "console/network_check.hpp"
#include "console/table_text.hpp"
#include "console/verbs.hpp"

extern char** environ;  // NOLINT: POSIX's name

namespace camgate::console::verbs {
namespace {

using nlohmann::json;

/// A program of the system in this one's place on the terminal; its exit status, 127: there is none.
int runProgram(const std::vector<std::string>& words) {
    std::vector<char*> arguments;
    std::vector<std::string> copies = words;
    for (std::string& word : copies) arguments.push_back(word.data());
    arguments.push_back(nullptr);
    pid_t child = 0;
    if (::posix_spawnp(&child, arguments[0], nullptr, nullptr, arguments.data(), environ) != 0) return 127;
    int status = 0;
    // Ctrl-C goes to both: the program ends by it, this one waits on.
    while (::waitpid(child, &status, 0) < 0 && errno == EINTR) {
    }
    return WIFEXITED(status) ? WEXITSTATUS(status) : 1;
}

}  // namespace

int networkShow(Session& session, const Arguments&) {
    session.say(localView());
    if (const auto hub = configuredHub(session); hub && !hub->host.empty())
        session.say(tr("hub") + "  " + hub->host + ":" + std::to_string(hub->port) + "\n");
    return 0;
}

int networkTest(Session& session, const Arguments&) {
    auto steps = checkWayOut();
    // Without a daemon it is not known.
    if (const auto hub = configuredHub(session)) {
        std::ranges::copy(checkHub(hub->host, hub->port), std::back_inserter(steps));
        session.sayNow(tr("measuring the uplink, some seconds ...") + "\n");
        steps.push_back(uplinkStep(session.call("hub.speed", json::object())));
    }
    session.say(renderNetworkSteps(steps));
    return std::ranges::all_of(steps, &NetworkStep::good) ? 0 : 1;
}

int networkSet(Session& session, const Arguments& arguments) {
    json asked = json::object();
    const std::string address = arguments.text("ADDRESS");
    if (address != "dhcp") asked["address"] = address;
    for (const char* field : {"router", "names"}) {
        if (arguments.has(field)) asked[field] = arguments.text(field);
    }
    const auto done = session.call("machine.network", asked);
    if (!done) return session.failed(done.error());
    session.say(tr("The box is on its network so from now on; network test says whether that works.") + "\n");
    return 0;
}

int showTime(Session& session, const Arguments&) {
    // The clock is the machine's, the zone the household's.
    const auto told = session.call("time", json::object());
    const WallReading now = SystemClock().wallNow();
    std::vector<Row> rows{{tr("time"), formatLocalTime(now.time)},
                          {tr("time zone"), told ? textOf(fieldOf(parsedObject(*told), "zone"))
                                                 : tr("not known while camgated does not answer")},
                          {tr("quality"), std::string(toString(now.quality))}};
    if (now.quality == WallQuality::Ntp)
        rows.push_back({tr("error at most"), std::to_string(now.error_bound.count()) + " ms"});
    session.say(tableText(rows));
    return 0;
}

int showLog(Session& session, const Arguments& arguments) {
    std::vector<std::string> words{"journalctl", "--no-pager", "--quiet", "--output=short-iso",
                                   "--unit=camgate*"};
    words.push_back("--lines=" +
                    std::to_string(std::min<std::uint64_t>(arguments.number("lines", 50), 1000)));
    if (arguments.has("follow")) words.emplace_back("--follow");
    session.sayNow("");
    if (runProgram(words) == 127)
        return session.failed({ErrorKind::Unavailable, 0, tr("this machine keeps no journal")});
    return 0;
}

int reboot(Session& session, const Arguments&) {
    const auto done = session.call("machine.restart", json::object());
    if (!done) return session.failed(done.error());
    session.say(tr("The machine starts anew.") + "\n");
    return 0;
}

int factoryReset(Session& session, const Arguments&) {
    const auto status = session.call("status", json::object());
    if (!status) return session.failed(status.error());
    const std::string id = textOf(fieldOf(parsedObject(*status), "gateway"));
    const std::string typed = session.askLine(tr("All footage becomes unreadable; certificates, passwords, "
                                                 "logins, events and changes of the configuration are "
                                                 "forgotten.") +
                                              "\n" + tr("Type the gateway's id to go on: "));
    if (typed != id) return session.failed({ErrorKind::Cancelled, 0, tr("nothing was changed")});
    const auto done = session.call("factory.reset", {{"gateway", id}});
    if (!done) return session.failed(done.error());
    session.say(tr("All is forgotten; the gateway starts anew. Then: setup.") + "\n");
    return 0;
}

}  // namespace camgate::console::verbs
