#include <nlohmann/json.hpp>

#include "base/clock.hpp"
#include "base/file_system.hpp"
#include "base/wall_text.hpp"
#include "console/help_text.hpp"
#include "console/language.hpp"
#include "console/local_view.hpp"
#include "console/render.hpp"
#include "console/setup.hpp"
#include "console/support_bundle.hpp"
#include "console/verbs.hpp"

namespace camgate::console::verbs {

int status(Session& session, const Arguments&) {
    const auto answer = session.call("status", nlohmann::json::object());
    if (answer || session.json()) return session.show(answer, renderStatus);
    // Who sits at the cable sees at least what the machine says of itself.
    session.say(tr("camgated does not answer; this is what the machine says:") + "\n" + localView());
    return session.failed(answer.error());
}

int setup(Session& session, const Arguments& arguments) {
    Setup::Options options{arguments.text("interface"), {}};
    if (arguments.has("enrol-port")) options.enrol_port = arguments.number("enrol-port", 0);
    return Setup(session, options).run();
}

int metrics(Session& session, const Arguments&) {
    return session.ask("metrics", nlohmann::json::object(), renderMetrics);
}

int supportBundleFile(Session& session, const Arguments& arguments) {
    const std::string file = arguments.text("FILE");
    const std::string now = formatWallTime(SystemClock().wallNow().time);
    const std::string bundle = supportBundle(session.calls(), now, localView());
    return withStick(session, file, [&] {
        RealFileSystem files;
        if (auto put = replaceFile(files, file, bundle); !put) return session.failed(put.error());
        session.say(tr("written:") + " " + file + "\n");
        return 0;
    });
}

int chooseLanguage(Session& session, const Arguments& arguments) {
    const std::string wanted = arguments.text("LANGUAGE");
    if (wanted != "vi" && wanted != "en")
        return session.failed(
            {ErrorKind::InvalidArgument, 0, "LANGUAGE: expected vi or en, found \"" + wanted + "\""});
    setLanguage(wanted == "vi" ? Language::Vietnamese : Language::English);
    session.say(tr("The console speaks English.") + "\n");
    return 0;
}

int help(Session& session, const Arguments& arguments) {
    std::vector<std::string> words;
    for (const char* name : {"COMMAND", "SECOND"}) {
        if (arguments.has(name)) words.push_back(arguments.text(name));
    }
    session.say(helpFor(words));
    return 0;
}

int leave(Session& session, const Arguments&) {
    session.leave();
    return 0;
}

}  // namespace camgate::console::verbs
