// camgate-finder: the worker that looks for cameras. Its socket to camgated is descriptor 0. Exit status: 0
// hung up, 2 wrong use, 3 camgated sent what it must not send, 5 could not start.
#include <CLI/CLI.hpp>
#include <csignal>

#include "base/epoll_loop.hpp"
#include "base/log.hpp"
#include "camera/onvif/finder.hpp"
#include "ipc/roles.hpp"

int main(int argc, char** argv) {
    using namespace camgate;
    CLI::App app("camgate-finder: looks for cameras for camgated");
    std::string role = "finder";
    app.add_option("--role", role, "the worker's role")->check(CLI::IsMember({"finder"}));
    try {
        app.parse(argc, argv);
    } catch (const CLI::ParseError& error) {
        return app.exit(error) == 0 ? 0 : 2;
    }
    std::signal(SIGPIPE, SIG_IGN);
    openLog("camgate-finder", LogLevel::Info);
    const SystemClock clock;
    auto loop = EpollLoop::open(clock);
    if (!loop) return 5;
    int status = 0;
    const onvif::Finder finder(**loop, UniqueFd(ipc::kWorkerSocket), [&](int how) {
        status = how;
        (*loop)->stop();
    });
    (*loop)->run();
    return status;
}
