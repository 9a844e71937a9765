// camgated: the gateway's daemon. Exit status: 0 stopped as asked, 1 could not run, 2 wrong configuration or
// use.
#include <sys/signalfd.h>
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <csignal>
#include <filesystem>
#include <iostream>
#include <map>

#include "app/daemon.hpp"
#include "base/epoll_loop.hpp"
#include "base/log.hpp"
#include "config/reader.hpp"
#include "ipc/fork_launcher.hpp"

namespace {

using namespace camgate;
namespace fs = std::filesystem;

constexpr int kCouldNotRun = 1;
constexpr int kWrongUse = 2;

struct Options {
    std::string config;
    std::string board;
    std::string data;
    std::string control;
    std::string boards;
    LogLevel log = LogLevel::Info;
};

fs::path programFolder() {
    std::error_code error;
    return fs::read_symlink("/proc/self/exe", error).parent_path();
}

/// Beside an installation, or beside a build folder of the source tree.
fs::path boardsFolder(const Options& options) {
    if (!options.boards.empty()) return options.boards;
    const fs::path installed = programFolder() / "../share/camgate/boards";
    std::error_code error;
    return fs::exists(installed, error) ? installed : programFolder() / "../../../boards";
}

int refuse(const std::string& what, int status) {
    std::cerr << "camgated: " << what << "\n";
    return status;
}

/// SIGTERM and SIGINT as a descriptor; threads started later inherit the mask.
UniqueFd stopSignals() {
    sigset_t set;
    sigemptyset(&set);
    sigaddset(&set, SIGTERM);
    sigaddset(&set, SIGINT);
    ::pthread_sigmask(SIG_BLOCK, &set, nullptr);
    ::signal(SIGPIPE, SIG_IGN);
    return UniqueFd(::signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK));
}

int run(const Options& options, const config::Configuration& configuration, const config::Board& board) {
    RealFileSystem files;
    const SystemClock clock;
    const UniqueFd signals = stopSignals();
    auto loop = EpollLoop::open(clock);
    if (!loop || !signals.valid()) return refuse("cannot create the event loop", kCouldNotRun);
    ipc::ForkLauncher launcher(programFolder().string());
    const fs::path config_folder = fs::absolute(options.config).parent_path();
    app::Daemon daemon(**loop, files, launcher,
                       {configuration, board, options.data, options.control, config_folder.string()});
    if (auto started = daemon.start(); !started) return refuse(started.error().describe(), kCouldNotRun);
    int asked = 0;
    const LoopHandle watch = (*loop)->watch(signals.get(), Ready::Read, [&](bool, bool) {
        signalfd_siginfo info{};
        while (::read(signals.get(), &info, sizeof info) == sizeof info) {
            if (++asked > 1) ::_exit(kCouldNotRun);
            daemon.stop([&loop] { (*loop)->stop(); });
        }
    });
    (*loop)->run();
    return 0;
}

}  // namespace

int main(int argc, char** argv) {
    Options options;
    CLI::App app{"camgated: records cameras, finds motion, answers the commune's hub"};
    app.add_option("--config", options.config, "Configuration file")->required();
    app.add_option("--board", options.board, "Name of the board")->required();
    app.add_option("--data", options.data, "Folder of ring, outbox and control socket")->required();
    app.add_option("--control", options.control, "Control socket, default DATA/control");
    app.add_option("--boards", options.boards, "Folder of the boards' data");
    const std::map<std::string, LogLevel> levels{{"debug", LogLevel::Debug},
                                                 {"info", LogLevel::Info},
                                                 {"warning", LogLevel::Warning},
                                                 {"error", LogLevel::Error}};
    app.add_option("--log", options.log, "debug, info, warning or error")
        ->transform(CLI::CheckedTransformer(levels));
    try {
        app.parse(argc, argv);
    } catch (const CLI::ParseError& error) {
        return app.exit(error) == 0 ? 0 : kWrongUse;
    }
    if (options.control.empty()) options.control = options.data + "/control";
    openLog("camgated", options.log);

    RealFileSystem files;
    const auto board_text = readTextFile(files, boardsFolder(options) / options.board / "board.json");
    if (!board_text)
        return refuse("board " + options.board + ": " + board_text.error().describe(), kWrongUse);
    const auto board = config::loadBoard(*board_text);
    if (!board) return refuse("board " + options.board + ":\n" + board.error().context, kWrongUse);
    const auto config_text = readTextFile(files, options.config);
    if (!config_text) return refuse(config_text.error().describe(), kWrongUse);
    const config::Loaded loaded = config::loadConfiguration(*config_text, *board);
    if (!loaded.faults.empty())
        return refuse(options.config + " is refused:\n" + config::describe(loaded.faults), kWrongUse);
    return run(options, loaded.configuration, *board);
}
