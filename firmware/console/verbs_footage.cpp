#include <unistd.h>

#include <cstdio>
#include <nlohmann/json.hpp>

#include "base/bytes.hpp"
#include "base/file_system.hpp"
#include "console/audit_view.hpp"
#include "console/clip_export.hpp"
#include "console/interrupt.hpp"
#include "console/json_text.hpp"
#include "console/language.hpp"
#include "console/render.hpp"
#include "console/stick.hpp"
#include "console/storage_job.hpp"
#include "console/storage_view.hpp"
#include "console/verbs.hpp"

namespace camgate::console::verbs {
namespace {

using nlohmann::json;

constexpr useconds_t kAskJob_us = 200'000;
constexpr int kDamaged = 3;

void showProgress(std::uint64_t done, std::uint64_t total) {
    if (::isatty(STDERR_FILENO) == 0 || total == 0) return;
    std::fprintf(stderr, "\r%3d %% of %.1f MiB", static_cast<int>(done * 100 / total),
                 static_cast<double>(total) / 1048576.0);
    if (done >= total) std::fputc('\n', stderr);
}

Result<std::string> followedJob(Session& session, std::string_view method, const json& parameters) {
    return followJob(session.calls(), method, parameters, showProgress, [] {
        ::usleep(kAskJob_us);
        return !interrupted();
    });
}

/// True only for the whole word: nobody erases footage by a slip of a finger.
bool confirmed(Session& session, const std::string& what_is_lost) {
    const std::string word = session.askLine(what_is_lost + "\n" + tr("Type erase to go on: "));
    if (word == "erase") return true;
    session.failed({ErrorKind::Cancelled, 0, tr("nothing was changed")});
    return false;
}

}  // namespace

int cameras(Session& session, const Arguments&) {
    return session.ask("cameras", json::object(), renderCameras);
}

int events(Session& session, const Arguments& arguments) {
    json parameters = {{"limit", arguments.number("limit", 20)}};
    if (arguments.has("camera")) parameters["camera"] = arguments.text("camera");
    return session.ask("events", parameters, renderEvents);
}

int audit(Session& session, const Arguments& arguments) {
    json parameters = {{"limit", arguments.number("limit", 20)}};
    if (arguments.has("below")) parameters["below"] = arguments.number("below", 0);
    return session.ask("audit", parameters, renderAudit);
}

int withStick(Session& session, const std::string& path, const std::function<int()>& write) {
    auto stick = Stick::toWrite(path);
    if (!stick) return session.failed(stick.error());
    const int status = write();
    const bool held = stick->held();
    if (auto done = stick->giveBack(); !done) return session.failed(done.error());
    if (held) session.sayNow(tr("The stick may be pulled out.") + "\n");
    return status;
}

int snapshot(Session& session, const Arguments& arguments) {
    const auto answer = session.call("snapshot", {{"camera", arguments.text("CAMERA")}});
    if (!answer) return session.failed(answer.error());
    const json taken = parsedObject(*answer);
    const auto jpeg = fromBase64(textOf(fieldOf(taken, "jpeg")));
    if (!jpeg || jpeg->empty()) return session.failed({ErrorKind::Corruption, 0, "camgated sent no picture"});
    const std::string file = arguments.text("FILE");
    return withStick(session, file, [&] {
        RealFileSystem files;
        if (auto put = replaceFile(files, file, asText(*jpeg)); !put) return session.failed(put.error());
        session.say(file + "  " + timeOf(fieldOf(taken, "at")) + "\n");
        return 0;
    });
}

int exportFootage(Session& session, const Arguments& arguments) {
    const ExportOrder order{arguments.text("camera"), arguments.text("from"), arguments.text("to"),
                            arguments.has("quality") ? arguments.text("quality") : "full",
                            arguments.text("to-dir")};
    return withStick(session, order.to_dir, [&] {
        RealFileSystem files;
        const auto exported = exportClip(session.calls(), files, order, showProgress);
        if (!exported) return session.failed(exported.error());
        session.say(session.json() ? exportJson(*exported) + "\n" : renderExport(*exported));
        return 0;
    });
}

int eraseFootage(Session& session, const Arguments& arguments) {
    const std::string camera = arguments.text("camera");
    json parameters = {{"camera", camera}};
    for (const char* name : {"from", "to"}) {
        if (arguments.has(name)) parameters[name] = arguments.text(name);
    }
    const std::string lost = whatIsErased(camera, arguments.text("from"), arguments.text("to"));
    if (!arguments.has("yes") && !confirmed(session, lost)) return 1;
    return session.ask("footage.erase", parameters, renderErased);
}

int resetFootage(Session& session, const Arguments& arguments) {
    const auto status = session.call("storage.status", json::object());
    if (!status) return session.failed(status.error());
    if (!arguments.has("yes") && !confirmed(session, whatIsLost(*status))) return 1;
    return session.ask("footage.reset", json::object(), renderReset);
}

int storageStatus(Session& session, const Arguments&) {
    return session.ask("storage.status", json::object(), renderStorage);
}

int storageCheck(Session& session, const Arguments&) {
    const auto job = followedJob(session, "storage.check", json::object());
    const int status = session.show(job, renderCheck);
    if (status != 0) return status;
    return foundDamage(*job) ? kDamaged : 0;
}

int storageFormat(Session& session, const Arguments& arguments) {
    const auto status = session.call("storage.status", json::object());
    if (!status) return session.failed(status.error());
    if (!arguments.has("yes") && !confirmed(session, whatIsLost(*status))) return 1;
    return session.show(followedJob(session, "storage.format", {{"force", arguments.has("force")}}),
                        renderFormat);
}

}  // namespace camgate::console::verbs
