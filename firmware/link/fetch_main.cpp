// camgate-fetch: the worker that fetches a bundle. Its socket to camgated is descriptor 0. Exit status: 0
// hung up, 2 wrong use, 3 camgated sent what it must not send, 5 could not start.
#include <CLI/CLI.hpp>
#include <csignal>

#include "base/log.hpp"
#include "ipc/roles.hpp"
#include "link/fetcher.hpp"

int main(int argc, char** argv) {
    using namespace camgate;
    CLI::App app("camgate-fetch: fetches a bundle for camgated");
    std::string role = "fetch";
    app.add_option("--role", role, "the worker's role")->check(CLI::IsMember({"fetch"}));
    try {
        app.parse(argc, argv);
    } catch (const CLI::ParseError& error) {
        return app.exit(error) == 0 ? 0 : 2;
    }
    std::signal(SIGPIPE, SIG_IGN);
    openLog("camgate-fetch", LogLevel::Info);
    const SystemClock clock;
    auto loop = EpollLoop::open(clock);
    if (!loop) return 5;
    link::Fetcher fetcher(**loop, UniqueFd(ipc::kWorkerSocket));
    return fetcher.run();
}
