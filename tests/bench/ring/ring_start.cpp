// What a start costs on a ring that is full and was cut off: CPU and bytes read, as asked for and as the disk
// gave them, with nothing of the ring in memory. A part of scripts/bench ring.
#include <fcntl.h>
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <cstdio>

#include "base/log.hpp"
#include "base/unique_fd.hpp"
#include "bench/ring/process_usage.hpp"
#include "bench/ring/ring_start/aged_ring.hpp"

using namespace camgate;

namespace {

void dropFromMemory(const std::string& path) {
    const UniqueFd file(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
    ::fsync(file.get());
    ::posix_fadvise(file.get(), 0, 0, POSIX_FADV_DONTNEED);
}

void measure(bench::AgedRing& aged, std::uint64_t size_gib, int classes) {
    dropFromMemory(aged.path());
    const std::uint64_t asked = aged.files().readBytes();
    const std::uint64_t reads = aged.files().reads();
    const std::uint64_t from_disk = bench::ioBytes("read_bytes");
    const double cpu = bench::cpuSeconds();
    const auto ring = aged.open();
    const ring::RingStats stats = ring->stats();
    std::printf(
        R"({"bench":"ring-start","ring_gib":%llu,"classes":%d,"extents":%u,"extents_used":%u,"torn":%llu,)"
        R"("cpu_s":%.3f,"read_mib":%.2f,"reads":%llu,"disk_read_mib":%.2f})"
        "\n",
        static_cast<unsigned long long>(size_gib), classes, stats.extents, stats.extents_used,
        static_cast<unsigned long long>(stats.dropped_at_start), bench::cpuSeconds() - cpu,
        static_cast<double>(aged.files().readBytes() - asked) / (1U << 20U),
        static_cast<unsigned long long>(aged.files().reads() - reads),
        static_cast<double>(bench::ioBytes("read_bytes") - from_disk) / (1U << 20U));
    std::fflush(stdout);
}

}  // namespace

int main(int argc, char** argv) {
    std::string folder;
    std::uint64_t size_gib = 64;
    int classes = 1;
    int runs = 3;
    CLI::App app{"Measures the start of a full ring, as a part of scripts/bench ring."};
    app.add_option("--folder", folder, "empty, for the ring")->required()->check(CLI::ExistingDirectory);
    app.add_option("--gib", size_gib);
    app.add_option("--classes", classes, "retention classes that are written")->check(CLI::Range(1, 3));
    app.add_option("--runs", runs);
    CLI11_PARSE(app, argc, argv);

    openLog("bench-ring-start", LogLevel::Error);
    bench::AgedRing aged(folder, size_gib << 30U, static_cast<std::uint8_t>(classes));
    for (int run = 0; run < runs; ++run) measure(aged, size_gib, classes);
    return 0;
}
