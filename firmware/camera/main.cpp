// camgate-camera: the camera worker. Its socket to camgated is descriptor 0.
#include <gst/gst.h>
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <chrono>
#include <csignal>
#include <thread>

#include "base/epoll_loop.hpp"
#include "base/log.hpp"
#include "camera/exit_code.hpp"
#include "camera/worker.hpp"
#include "ipc/roles.hpp"

namespace {

using namespace camgate;

/// Ends the process even if a camera's connection cannot be closed.
[[noreturn]] void leave(camera::Worker& worker, int status) {
    std::thread([status] {
        std::this_thread::sleep_for(std::chrono::milliseconds(500));
        ::_exit(status);
    }).detach();
    worker.letCamerasGo();
    ::_exit(status);
}

}  // namespace

int main(int argc, char** argv) {
    CLI::App app("camgate-camera: one camera's streams for camgated");
    std::string role = "camera";
    app.add_option("--role", role, "the worker's role")->check(CLI::IsMember({"camera"}));
    bool only_register = false;
    app.add_flag("--register", only_register,
                 "writes GStreamer's registry of plug-ins (GST_REGISTRY) and ends");
    try {
        app.parse(argc, argv);
    } catch (const CLI::ParseError& error) {
        return app.exit(error) == 0 ? 0 : camera::exitStatus(camera::ExitCode::Usage);
    }
    std::signal(SIGPIPE, SIG_IGN);
    openLog("camgate-camera", LogLevel::Info);
    GError* error = nullptr;
    if (gst_init_check(nullptr, nullptr, &error) == FALSE) {
        return camera::exitStatus(camera::ExitCode::Internal);
    }
    if (only_register) return 0;
    const SystemClock clock;
    auto loop = EpollLoop::open(clock);
    if (!loop) return camera::exitStatus(camera::ExitCode::Internal);
    std::optional<int> status;
    camera::Worker worker(**loop, UniqueFd(ipc::kWorkerSocket), [&](int how) {
        if (!status) status = how;
        (*loop)->stop();
    });
    (*loop)->run();
    leave(worker, *status);
}
