#include <unistd.h>

#include <nlohmann/json.hpp>

#include "base/file_system.hpp"
#include "console/bundle_delivery.hpp"
#include "console/interrupt.hpp"
#include "console/json_text.hpp"
#include "console/language.hpp"
#include "console/update_view.hpp"
#include "console/verbs.hpp"

namespace camgate::console::verbs {
namespace {

using nlohmann::json;

constexpr useconds_t kAskUpdate_us = 500'000;
/// Where sticks are mounted.
constexpr const char* kSticks = "/media";

Status interruptedStatus() {
    return fail(ErrorKind::Cancelled, tr("no longer followed; camgated goes on with it"));
}

/// Each phase once and every ten percent; until the box restarts or the update has ended.
Result<std::string> followedUpdate(Session& session) {
    std::string said;
    for (;;) {
        const auto answer = session.call("update.status", json::object());
        if (!answer) return answer;
        const json status = parsedObject(*answer);
        const std::string now = progressText(status);
        if (now != said) session.sayNow(now + "\n");
        said = now;
        if (!isUnderWay(status)) return answer;
        if (interrupted()) return std::unexpected(interruptedStatus().error());
        ::usleep(kAskUpdate_us);
    }
}

}  // namespace

int updateStatus(Session& session, const Arguments&) {
    return session.ask("update.status", json::object(), renderUpdate);
}

int updateInstall(Session& session, const Arguments& arguments) {
    RealFileSystem files;
    const auto file = arguments.text("FILE") == "USB" ? bundleOnStick(files, kSticks)
                                                      : Result<std::string>(arguments.text("FILE"));
    if (!file) return session.failed(file.error());
    session.sayNow(*file + "\n");
    int said = -1;
    const auto delivered =
        deliverBundle(session.calls(), files, *file, [&](std::uint64_t done, std::uint64_t total) {
            const int percent = static_cast<int>(done * 100 / total) / 10 * 10;
            if (percent != said) session.sayNow(tr("downloading") + " " + std::to_string(percent) + " %\n");
            said = percent;
        });
    if (!delivered) return session.failed(delivered.error());
    const auto end = followedUpdate(session);
    const int status = session.show(end, renderUpdate);
    return status == 0 && textOf(fieldOf(parsedObject(*end), "phase")) == "failed" ? 1 : status;
}

}  // namespace camgate::console::verbs
