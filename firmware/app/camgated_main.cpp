// camgated: the gateway's daemon. Exit status: 0 stopped as asked, 1 could not run, 2 wrong configuration or
// use.
#include <sys/signalfd.h>
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <csignal>
#include <filesystem>
#include <iostream>
#include <map>
#include <memory>

#include "app/boot_session.hpp"
#include "app/daemon.hpp"
#include "app/run_mark.hpp"
#include "app/update_desk.hpp"
#include "app/version.hpp"
#include "app/watchdog.hpp"
#include "base/epoll_loop.hpp"
#include "base/log.hpp"
#include "ipc/fork_launcher.hpp"
#include "ipc/socket_launcher.hpp"

namespace {

using namespace camgate;
namespace fs = std::filesystem;

constexpr int kCouldNotRun = 1;
constexpr int kWrongUse = 2;

struct Options {
    std::string config;
    std::string board;
    std::string data;
    std::string card;
    std::string control;
    std::string boards;
    std::string launch;
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

/// As the package is numbered; one that was not installed has the source's.
std::string ownVersion(FileSystem& files, const Options& options) {
    auto text = readTextFile(files, boardsFolder(options).parent_path() / "version", 128);
    if (!text) return app::kFirmwareVersion;
    text->erase(text->find_last_not_of(" \n") + 1);
    return *text;
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

std::unique_ptr<ipc::Launcher> makeLauncher(EventLoop& loop, const Options& options) {
    if (options.launch.empty()) return std::make_unique<ipc::ForkLauncher>(programFolder().string());
    return std::make_unique<ipc::SocketLauncher>(loop, options.launch);
}

/// Runs one Daemon after another until told to stop: some changes of the configuration need a new one.
class Gateway {
  public:
    Gateway(EpollLoop& loop, FileSystem& files, const Options& options, const config::Board& board,
            app::StartingConfig start)
        : loop_(loop),
          files_(files),
          options_(options),
          board_(board),
          launcher_(makeLauncher(loop, options)),
          mark_(files, options.data, std::to_string(app::bootSession(files))),
          last_end_(mark_.begin()),
          version_(ownVersion(files, options)),
          desk_(loop, files, options.data, board, std::move(start)),
          update_desk_(loop, files, *launcher_, {options.data, version_, !options.launch.empty()}) {}

    /// Until stop().
    Status run() {
        while (!asked_) {
            again_ = false;
            daemon_ = std::make_unique<app::Daemon>(loop_, files_, *launcher_, desk_, update_desk_,
                                                    daemonOptions());
            desk_.lead(daemon_.get());
            if (auto started = daemon_->start(); !started) return started;
            update_desk_.lead(daemon_.get());
            manager_.tell("READY=1");
            loop_.run();
            desk_.lead(nullptr);
            update_desk_.lead(nullptr);
            daemon_ = nullptr;
        }
        mark_.endInOrder();
        if (failed_)
            return fail(ErrorKind::Cancelled, "all settings were forgotten; the next start begins anew");
        return {};
    }
    void stop() {
        asked_ = true;
        manager_.tell("STOPPING=1");
        if (!again_) leave();
    }

  private:
    app::DaemonOptions daemonOptions() {
        app::DaemonOptions made{desk_.configuration(),
                                board_,
                                options_.data,
                                options_.card,
                                options_.control,
                                "",
                                {},
                                {},
                                version_,
                                last_end_,
                                tickets_};
        made.config_folder = fs::absolute(options_.config).parent_path().string();
        made.make_anew = [this] {
            again_ = true;
            // Not inside the change that asks for it.
            loop_.post([this] { leave(); });
        };
        made.start_over = [this] {
            loop_.post([this] {
                failed_ = true;
                stop();
            });
        };
        return made;
    }
    void leave() {
        daemon_->stop([this] { loop_.stop(); });
    }

    EpollLoop& loop_;
    FileSystem& files_;
    const Options& options_;
    const config::Board& board_;
    std::unique_ptr<ipc::Launcher> launcher_;
    app::RunMark mark_;
    std::string last_end_;
    std::string version_;
    app::ConfigDesk desk_;
    app::UpdateDesk update_desk_;
    control::Tickets tickets_;
    std::unique_ptr<app::Daemon> daemon_;
    ServiceManager manager_ = ServiceManager::fromEnvironment();
    app::Watchdog watchdog_{loop_, manager_, [this] { return daemon_ ? daemon_->work() : app::Work(); },
                            [this](const std::string& why) { mark_.giveUp(why); }};
    bool asked_ = false;
    bool failed_ = false;  ///< the next start is to begin anew
    bool again_ = false;   ///< a stop is under way already
};

int run(const Options& options, const config::Board& board) {
    RealFileSystem files;
    const SystemClock clock;
    auto start = app::startingConfig({files, clock, board, options.config, options.data});
    if (!start) return refuse(start.error().context, kWrongUse);
    const UniqueFd signals = stopSignals();
    auto loop = EpollLoop::open(clock);
    if (!loop || !signals.valid()) return refuse("cannot create the event loop", kCouldNotRun);
    Gateway gateway(**loop, files, options, board, std::move(*start));
    int asked = 0;
    const LoopHandle watch = (*loop)->watch(signals.get(), Ready::Read, [&](bool, bool) {
        signalfd_siginfo info{};
        while (::read(signals.get(), &info, sizeof info) == sizeof info) {
            if (++asked > 1) ::_exit(kCouldNotRun);
            gateway.stop();
        }
    });
    if (auto ran = gateway.run(); !ran) return refuse(ran.error().describe(), kCouldNotRun);
    return 0;
}

}  // namespace

int main(int argc, char** argv) {
    Options options;
    CLI::App app{"camgated: records cameras, finds motion, answers the commune's hub"};
    app.add_option("--config", options.config, "Configuration file")->required();
    app.add_option("--board", options.board, "Name of the board")->required();
    app.add_option("--data", options.data, "Folder of outbox, revisions and keys")->required();
    app.add_option("--card", options.card, "Folder of the footage ring, default DATA");
    app.add_option("--control", options.control, "Control socket, default DATA/control");
    app.add_option("--boards", options.boards, "Folder of the boards' data");
    app.add_option("--launch", options.launch,
                   "Folder of systemd's launch sockets for workers; default: they are forked");
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
    if (options.card.empty()) options.card = options.data;
    if (options.control.empty()) options.control = options.data + "/control";
    openLog("camgated", options.log);

    RealFileSystem files;
    const auto board_text = readTextFile(files, boardsFolder(options) / options.board / "board.json");
    if (!board_text)
        return refuse("board " + options.board + ": " + board_text.error().describe(), kWrongUse);
    const auto board = config::loadBoard(*board_text);
    if (!board) return refuse("board " + options.board + ":\n" + board.error().context, kWrongUse);
    return run(options, *board);
}
