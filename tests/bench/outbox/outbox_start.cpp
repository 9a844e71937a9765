// scripts/bench outbox-start [--rows N]: what a start costs on an outbox that holds so many rows: a process
// of its own opens it and reads the first page of each priority; its resident memory before and after, its
// peak, and the time. Also what one more row costs when the outbox is full.
#include <sys/wait.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <fstream>

#include "outbox/outbox.hpp"
#include "support/base/temp_directory.hpp"

using namespace camgate;

namespace {

constexpr std::size_t kPayload_bytes = 600;  // an event's message without a still
constexpr std::uint64_t kRowsPerCommit = 10'000;
constexpr int kRowsWhenFull = 200;

/// Of /proc/self/status, in KiB.
long memory_kib(const std::string& field) {
    std::ifstream status("/proc/self/status");
    std::string word;
    long value = 0;
    while (status >> word) {
        if (word == field + ":" && status >> value) return value;
    }
    return -1;
}

outbox::Row rowOf(std::uint64_t number) {
    outbox::Row row;
    row.id = toHex(ByteView(reinterpret_cast<const std::uint8_t*>(&number), sizeof number));
    row.priority = static_cast<outbox::Priority>(number % outbox::kPriorities);
    row.topic = "event/gate";
    row.payload = Bytes(kPayload_bytes, static_cast<std::uint8_t>(number));
    row.camera = "gate";
    return row;
}

void fill(const std::string& directory, const outbox::OutboxLimits& limits, std::uint64_t rows) {
    const auto outbox = outbox::Outbox::open(directory, limits).value();
    for (std::uint64_t at = 0; at < rows; at += kRowsPerCommit) {
        outbox::Changes changes;
        for (std::uint64_t i = at; i < std::min(rows, at + kRowsPerCommit); ++i)
            changes.rows.push_back(rowOf(i));
        (void)outbox->apply(changes).value();
    }
}

double secondsSince(BootTime before) {
    return std::chrono::duration<double>(SystemClock().bootNow() - before).count();
}

void start(const std::string& directory, const outbox::OutboxLimits& limits, std::uint64_t rows) {
    const long before_kib = memory_kib("VmRSS");
    const BootTime began = SystemClock().bootNow();
    const auto outbox = outbox::Outbox::open(directory, limits).value();
    for (std::size_t priority = 0; priority < outbox::kPriorities; ++priority)
        (void)outbox->page(static_cast<outbox::Priority>(priority), 0, 16, 256U << 10U).value();
    const double open_s = secondsSince(began);
    const long after_kib = memory_kib("VmRSS");
    const BootTime full = SystemClock().bootNow();
    for (std::uint64_t i = 0; i < kRowsWhenFull; ++i) {
        outbox::Changes changes;
        changes.rows.push_back(rowOf((rows + i) * outbox::kPriorities));
        (void)outbox->apply(changes).value();
    }
    std::printf(
        R"({"bench":"outbox-start","rows":%llu,"bytes":%llu,"rss_before_kib":%ld,"rss_after_kib":%ld,)"
        R"("rss_grown_kib":%ld,"rss_peak_kib":%ld,"open_s":%.2f,"row_when_full_ms":%.2f})"
        "\n",
        static_cast<unsigned long long>(outbox->figures().rows),
        static_cast<unsigned long long>(outbox->figures().bytes), before_kib, after_kib,
        after_kib - before_kib, memory_kib("VmHWM"), open_s, 1000 * secondsSince(full) / kRowsWhenFull);
    std::fflush(stdout);
}

}  // namespace

int main(int argc, char** argv) {
    const bool asked = argc == 3 && std::string_view(argv[1]) == "--rows";
    if (argc != 1 && !asked) {
        std::fprintf(stderr, "usage: outbox-start [--rows N]\n");
        return 2;
    }
    const std::uint64_t rows = asked ? std::strtoull(argv[2], nullptr, 10) : 1'000'000;
    outbox::OutboxLimits limits;
    limits.rows = rows;
    limits.bytes = 1ULL << 40U;
    const test::TempDirectory directory;
    const auto inAnotherProcess = [](const auto& work) {
        const pid_t child = ::fork();
        if (child == 0) {
            work();
            ::_exit(0);
        }
        int status = 0;
        ::waitpid(child, &status, 0);
        return WIFEXITED(status) && WEXITSTATUS(status) == 0;
    };
    if (!inAnotherProcess([&] { fill(directory.path(), limits, rows); })) return 1;
    return inAnotherProcess([&] { start(directory.path(), limits, rows); }) ? 0 : 1;
}
