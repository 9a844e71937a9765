// Many gateways in one process, each with the product's uplink, outbox and link workers, none with cameras:
// what the benchmarks of the link are made of (fleet, upload, link-soak). At each an alarm starts and ends at
// a steady rate, at random points of time; some alarms have a clip. JSON lines say how it goes, five a second
// unless more are asked for.
// Standard input: `clip` is an alarm of the first gateway with a clip, `end` ends the alarms, its end ends
// the program.
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <array>
#include <filesystem>
#include <iostream>
#include <nlohmann/json.hpp>
#include <random>

#include "app/process_stats.hpp"
#include "base/epoll_loop.hpp"
#include "base/file_system.hpp"
#include "base/log.hpp"
#include "base/task_thread.hpp"
#include "crypto/certificate.hpp"
#include "ipc/fork_launcher.hpp"
#include "light_gateways/light_gateway.hpp"

namespace {

using namespace camgate;
namespace fs = std::filesystem;
using std::chrono::milliseconds;

struct Options {
    std::string host = "localhost";
    std::uint16_t port = 8883;
    std::string ca, certificate, key, seal_to, data, clip, manifest, prefix = "cg-light";
    unsigned gateways = 1;
    double alarms_per_minute = 1;
    unsigned clip_every = 0;  ///< every n-th alarm has a clip; 0: none
    std::uint32_t cap_kbps = 512;
    unsigned news_every_ms = 200;
};

std::string textOf(const std::string& path) {
    RealFileSystem files;
    auto text = readTextFile(files, path);
    if (!text) throw std::runtime_error(text.error().describe());
    return std::move(*text);
}

/// How late the loop's turns are: what a wait inside of it would show as.
class LoopWatch {
  public:
    explicit LoopWatch(EventLoop& loop) : loop_(loop), due_(loop.clock().bootNow() + kStep) {
        tick_ = loop.runEvery(kStep, [this] {
            const BootTime now = loop_.clock().bootNow();
            longest_ = std::max(longest_, now - due_);
            due_ = now + kStep;
        });
    }
    /// Since it was asked last.
    double longestLate_ms() {
        return std::chrono::duration<double, std::milli>(std::exchange(longest_, Duration::zero())).count();
    }

  private:
    static constexpr Duration kStep = milliseconds(10);
    EventLoop& loop_;
    BootTime due_;
    Duration longest_{0};
    LoopHandle tick_;
};

class Fleet {
  public:
    Fleet(EventLoop& loop, ipc::Launcher& launcher, const Options& options, const bench::ClipFile& clip)
        : loop_(loop), options_(options), watch_(loop) {
        ipc::LinkSettings link;
        link.host = options.host;
        link.port = options.port;
        link.ca_pem = textOf(options.ca);
        link.certificate_pem = textOf(options.certificate);
        link.key_pem = textOf(options.key);
        std::optional<evidence::DeliveryKey> seal_to;
        if (!options.seal_to.empty()) {
            const auto certificate = crypto::Certificate::fromPem(textOf(options.seal_to)).value();
            seal_to = evidence::DeliveryKey{certificate.publicPoint().value(), certificate.fingerprint()};
        }
        for (unsigned i = 0; i < options.gateways; ++i) {
            const std::string name = options.prefix + "-" + std::to_string(i);
            const std::string folder = options.data + "/" + name;
            fs::create_directories(folder);
            const auto post = [this](std::function<void()> job) {
                return state_thread_.tryPost(std::move(job));
            };
            gateways_.push_back(std::make_unique<bench::LightGateway>(
                bench::LightGateway::Parts{loop, launcher, post, clip, link, folder},
                uplink::UplinkSettings{name, "bench", uplink::LineCap(options.cap_kbps),
                                       config::ClipPolicy::Alarms, seal_to}));
        }
        timers_.resize(options.gateways);
    }

    void start() {
        for (unsigned i = 0; i < gateways_.size(); ++i) {
            gateways_[i]->start();
            if (options_.alarms_per_minute > 0) nextAlarm(i);
        }
        news_ = loop_.runEvery(milliseconds(options_.news_every_ms), [this] { say(); });
    }
    /// The next alarm of the first gateway, which comes now, has a clip.
    void alarmWithClip() {
        gateways_.front()->startAlarm();
        gateways_.front()->endAlarm(true);
    }
    void endAlarms() { timers_.clear(); }
    void say() {
        nlohmann::json line{{"gateways", gateways_.size()}};
        std::uint64_t up = 0, alarms = 0, with_clip = 0, rows = 0, verified = 0, failed = 0, chunk_bytes = 0,
                      lost = 0, starts = 0;
        for (const auto& gateway : gateways_) {
            const auto figures = gateway->figures();
            up += gateway->up() ? 1 : 0;
            alarms += gateway->alarms();
            with_clip += gateway->alarmsWithClip();
            rows += figures.outbox.rows;
            verified += figures.clips_verified;
            failed += figures.clips_failed;
            chunk_bytes += figures.chunk_bytes_sent;
            lost += figures.unstored_lost + figures.outbox.dropped;
            starts += gateway->control().starts();
        }
        line.update({{"up", up},
                     {"alarms", alarms},
                     {"alarms_with_clip", with_clip},
                     {"rows", rows},
                     {"clips_verified", verified},
                     {"clips_failed", failed},
                     {"chunk_bytes", chunk_bytes},
                     {"lost", lost},
                     {"connections", starts},
                     {"late_ms", watch_.longestLate_ms()}});
        std::cout << line.dump() << std::endl;
    }

  private:
    void nextAlarm(unsigned i) {
        const std::chrono::duration<double> gap(
            std::exponential_distribution(options_.alarms_per_minute / 60)(random_));
        timers_[i] = loop_.runAfter(std::chrono::duration_cast<Duration>(gap), [this, i] {
            bench::LightGateway& gateway = *gateways_[i];
            gateway.startAlarm();
            gateway.endAlarm(options_.clip_every != 0 && gateway.alarms() % options_.clip_every == 0);
            nextAlarm(i);
        });
    }

    EventLoop& loop_;
    Options options_;
    LoopWatch watch_;
    std::vector<std::unique_ptr<bench::LightGateway>> gateways_;
    std::vector<LoopHandle> timers_;
    LoopHandle news_;
    std::mt19937_64 random_{std::random_device{}()};
    TaskThread state_thread_{"state", 4096};
};

int run(const Options& options) {
    // The card of each would be its own.
    bench::ClipFile clip;
    if (!options.clip.empty()) clip = bench::readClipFile(options.clip, options.manifest).value();
    const SystemClock clock;
    auto loop = EpollLoop::open(clock).value();
    std::error_code error;
    ipc::ForkLauncher launcher(fs::read_symlink("/proc/self/exe", error).parent_path());
    Fleet fleet(*loop, launcher, options, clip);
    const LoopHandle input = loop->watch(STDIN_FILENO, Ready::Read, [&](bool, bool) {
        std::array<char, 64> text{};
        const ssize_t got = ::read(STDIN_FILENO, text.data(), text.size());
        if (got <= 0) return loop->stop();
        const std::string_view word(text.data(), static_cast<std::size_t>(got));
        if (word.starts_with("clip")) fleet.alarmWithClip();
        if (word.starts_with("end")) fleet.endAlarms();
    });
    fleet.start();
    loop->run();
    fleet.say();
    return 0;
}

}  // namespace

int main(int argc, char** argv) {
    Options options;
    CLI::App app("gateways without cameras");
    app.add_option("--host", options.host);
    app.add_option("--port", options.port);
    app.add_option("--ca", options.ca)->required();
    app.add_option("--cert", options.certificate)->required();
    app.add_option("--key", options.key)->required();
    app.add_option("--seal-to", options.seal_to, "receive certificate");
    app.add_option("--data", options.data, "folder of the outboxes")->required();
    app.add_option("--clip", options.clip, "MP4 file that a gateway exported");
    app.add_option("--manifest", options.manifest, "its manifest");
    app.add_option("--prefix", options.prefix);
    app.add_option("--gateways", options.gateways);
    app.add_option("--alarms-per-minute", options.alarms_per_minute);
    app.add_option("--clip-every", options.clip_every);
    app.add_option("--cap-kbps", options.cap_kbps);
    app.add_option("--news-every-ms", options.news_every_ms)->check(CLI::PositiveNumber);
    CLI11_PARSE(app, argc, argv);
    openLog("light-gateways", LogLevel::Error);
    return run(options);
}
