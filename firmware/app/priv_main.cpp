// camgate-priv: root's few verbs. systemd starts it on a connection of camgated's (descriptor 0); it has one
// verb done and ends. With --guard it says whether the slot that runs was marked good; systemd starts the
// machine again where not. Exit status: 0 hung up, or good, 1 not good, 2 wrong use, 3 camgated sent what it
// must not send, 5 could not start, or not known.
#include <CLI/CLI.hpp>
#include <csignal>
#include <fstream>

#include "app/network_control.hpp"
#include "app/priv_server.hpp"
#include "app/rauc_control.hpp"
#include "base/epoll_loop.hpp"
#include "base/log.hpp"
#include "ipc/roles.hpp"
#include "update/start_guard.hpp"

namespace {

using namespace camgate;

constexpr int kNotGood = 1;
constexpr int kWrongUse = 2;
constexpr int kCouldNotStart = 5;

int guard(FileSystem& files, const std::string& boot_environment, const std::string& kernel_line_file) {
    std::string kernel_line;
    std::getline(std::ifstream(kernel_line_file), kernel_line);
    const auto good = update::startWasGood(files, boot_environment, kernel_line);
    if (!good) {
        logEvent(LogLevel::Error, "app", "guard-failed", {{"why", good.error()}});
        return kCouldNotStart;
    }
    if (*good) return 0;
    logEvent(LogLevel::Error, "app", "start-not-good", {});
    return kNotGood;
}

int serve(update::SlotControl& control, app::PrivServer::SetNetwork set_network) {
    const SystemClock clock;
    auto loop = EpollLoop::open(clock);
    if (!loop) return kCouldNotStart;
    int status = 0;
    const app::PrivServer server(**loop, UniqueFd(ipc::kWorkerSocket), control, std::move(set_network),
                                 [&](int how) {
                                     status = how;
                                     (*loop)->stop();
                                 });
    (*loop)->run();
    return status;
}

}  // namespace

int main(int argc, char** argv) {
    CLI::App options("camgate-priv: what camgated may have done as root");
    std::string role = "priv";
    std::string boot_environment = "/dev/disk/by-partlabel/bootenv";
    std::string kernel_line_file = "/proc/cmdline";
    std::string network_file;
    bool guards = false;
    options.add_option("--role", role, "the worker's role")->check(CLI::IsMember({"priv"}));
    options.add_option("--bootenv", boot_environment, "the boot environment's partition")
        ->envname("CAMGATE_BOOTENV");
    options
        .add_option("--network-file", network_file, "where the network's settings last; none: not set here")
        ->envname("CAMGATE_NETWORK");
    options.add_option("--kernel-line", kernel_line_file, "the kernel's command line, which names the slot")
        ->envname("CAMGATE_KERNEL_LINE");
    options.add_flag("--guard", guards, "fail unless this start was found good");
    try {
        options.parse(argc, argv);
    } catch (const CLI::ParseError& error) {
        return options.exit(error) == 0 ? 0 : kWrongUse;
    }
    std::signal(SIGPIPE, SIG_IGN);
    openLog("camgate-priv", LogLevel::Info);
    RealFileSystem files;
    if (guards) return guard(files, boot_environment, kernel_line_file);
    app::RaucControl control(files, boot_environment);
    return serve(control, [&](const app::WiredNetwork& network) {
        return app::setNetwork(files, network_file, network);
    });
}
