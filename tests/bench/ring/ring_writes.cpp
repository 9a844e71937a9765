// One way of storing footage, measured: bytes to the disk for each byte of media, syncs, CPU. A part of
// scripts/bench ring, which gives each way a file system of its own and lets them run at the same time.
#include <CLI/CLI.hpp>
#include <cstdio>
#include <string>

#include "base/log.hpp"
#include "bench/ring/ring_writes/household.hpp"
#include "bench/ring/ring_writes/meter.hpp"
#include "bench/ring/ring_writes/store.hpp"

using namespace camgate;

namespace {

struct Options {
    std::string store;
    std::string folder;
    std::string disk;
    std::size_t cameras = 4;
    std::int64_t seconds = 60;
    std::uint64_t ring_mib = 256;
    bool paced = false;
};

std::unique_ptr<bench::Store> makeStore(const Options& options, const Clock& clock) {
    if (options.store == "ring") return bench::makeRingStore(options.folder, options.ring_mib << 20U, clock);
    if (options.store == "append") return bench::makeAppendStore(options.folder);
    if (options.store == "sqlite") return bench::makeSqliteStore(options.folder);
    return bench::makeNoStore();
}

class Phases {
  public:
    explicit Phases(const Options& options)
        : options_(options),
          household_(options.cameras),
          store_(makeStore(options, household_.clock())),
          meter_(options.folder, options.disk) {}

    void firstTurn() {
        if (store_->settled()) return;
        begin();
        while (!store_->settled()) run(std::chrono::seconds(10), false);
        print("first turn");
    }
    void lateTurn() {
        begin();
        run(std::chrono::seconds(options_.seconds), options_.paced);
        print("settled");
    }

  private:
    void begin() {
        before_ = meter_.read();
        media_before_ = media_bytes_;
        syncs_before_ = store_->syncs();
        began_ = household_.clock().bootNow();
    }
    void run(std::chrono::seconds duration, bool paced) {
        household_.run(duration, paced, [this](auto round) {
            store_->add(round);
            for (const ring::RecordDraft& draft : round) media_bytes_ += draft.header.payload_bytes;
        });
    }
    void print(const char* phase) const {
        const bench::MeterReading now = meter_.read();
        const auto media = static_cast<double>(media_bytes_ - media_before_);
        const double periods =
            std::chrono::duration<double>(household_.clock().bootNow() - began_).count() / 2;
        const auto perMedia = [&](std::uint64_t since, std::uint64_t until) {
            return static_cast<double>(until - since) / media;
        };
        std::printf(R"({"bench":"ring-writes","store":"%s","cameras":%zu,"phase":"%s","media_mb":%.1f,)"
                    R"("written_per_media":%.4f,"device_per_media":%.4f,"syncs_per_2s":%.2f,)"
                    R"("flushes_per_2s":%.2f,"cpu_ms_per_mb":%.2f})"
                    "\n",
                    options_.store.c_str(), options_.cameras, phase, media / 1e6,
                    perMedia(before_.written_bytes, now.written_bytes),
                    perMedia(before_.device_bytes, now.device_bytes),
                    static_cast<double>(store_->syncs() - syncs_before_) / periods,
                    static_cast<double>(now.device_flushes - before_.device_flushes) / periods,
                    (now.cpu_s - before_.cpu_s) * 1e9 / media);
        std::fflush(stdout);
    }

    const Options& options_;
    bench::Household household_;
    std::unique_ptr<bench::Store> store_;
    bench::Meter meter_;
    bench::MeterReading before_;
    std::uint64_t media_bytes_ = 0;  ///< stored so far
    std::uint64_t media_before_ = 0;
    std::uint64_t syncs_before_ = 0;
    BootTime began_;
};

}  // namespace

int main(int argc, char** argv) {
    Options options;
    CLI::App app{"Measures one way of storing footage, as a part of scripts/bench ring."};
    app.add_option("--store", options.store)
        ->required()
        ->check(CLI::IsMember({"ring", "append", "sqlite", "none"}));
    app.add_option("--folder", options.folder, "where to store")->required()->check(CLI::ExistingDirectory);
    app.add_option("--disk", options.disk, "name below /sys/block of the disk that carries nothing else");
    app.add_option("--cameras", options.cameras);
    app.add_option("--seconds", options.seconds, "of footage, once the ring is full");
    app.add_option("--ring-mib", options.ring_mib);
    app.add_flag("--paced", options.paced, "as fast as cameras send, not as fast as the disk takes it");
    CLI11_PARSE(app, argc, argv);

    openLog("bench-ring-writes", LogLevel::Error);
    Phases phases(options);
    phases.firstTurn();
    phases.lateTurn();
    return 0;
}
