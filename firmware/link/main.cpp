// camgate-link: one MQTT connection of camgated, in a process of its own. Started by camgated only.
#include <sys/resource.h>
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <csignal>

#include "base/epoll_loop.hpp"
#include "base/log.hpp"
#include "ipc/roles.hpp"
#include "link/link_worker.hpp"
#include "link/tls_files.hpp"

int main(int argc, char** argv) {
    using namespace camgate;
    CLI::App app("One MQTT connection of camgated; its socket is standard input");
    std::string role;
    app.add_option("--role", role)
        ->required()
        ->check(CLI::IsMember({std::string(ipc::roleRow(ipc::WorkerRole::LinkControl).name),
                               std::string(ipc::roleRow(ipc::WorkerRole::LinkBulk).name)}));
    CLI11_PARSE(app, argc, argv);

    std::signal(SIGPIPE, SIG_IGN);
    const rlimit no_core{0, 0};  // a core file would hold the transport key
    ::setrlimit(RLIMIT_CORE, &no_core);
    openLog("camgate-link " + role, LogLevel::Info);
    const auto tls_floor = link::setTlsFloor();
    const SystemClock clock;
    auto loop = EpollLoop::open(clock);
    if (!tls_floor || !loop) {
        logEvent(LogLevel::Error, "link", "link-start-failed",
                 {{"why", tls_floor ? loop.error() : tls_floor.error()}});
        return 1;
    }
    // No destructor of Paho's may run: it would say goodbye to the broker, and the will would not be sent.
    const link::LinkWorker worker(**loop, UniqueFd(ipc::kWorkerSocket),
                                  [](link::LinkEnd end) { ::_exit(end == link::LinkEnd::Clean ? 0 : 1); });
    (*loop)->run();
    ::_exit(1);
}
