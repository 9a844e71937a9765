#include "app/card_format.hpp"

#include <algorithm>

#include "base/bytes.hpp"
#include "ring/extent_format.hpp"
#include "ring/ring_inspect.hpp"

namespace camgate::app {
namespace {

constexpr std::uint64_t kStep_bytes = 4U << 20U;
constexpr Duration kStall = std::chrono::seconds(2);

Status refuseForeign(const ring::FoundContent& found, const FormatOrder& order) {
    if (order.force || found.content == ring::RingContent::Nothing) return {};
    const std::string there = order.path + " holds ";
    const std::string advice = "; left as it is, --force erases it";
    if (found.content == ring::RingContent::Foreign)
        return fail(ErrorKind::FailedPrecondition, there + "something else (" + found.what + ")" + advice);
    if (found.gateway != order.gateway) {
        return fail(ErrorKind::FailedPrecondition, there + "the footage of gateway '" + found.gateway +
                                                       "', this is '" + order.gateway + "'" + advice);
    }
    return {};
}

/// What a removed file held stays on the card: without its keys a sealed ring is noise.
Status overwriteKeys(File& file) {
    const auto size = file.size();
    if (!size) return std::unexpected(size.error());
    const Bytes zeros(static_cast<std::size_t>(std::min(*size, ring::kFront_bytes)));
    if (auto done = file.writeAt(0, zeros); !done) return done;
    return file.sync();
}

Status removeOld(FileSystem& files, const std::string& path) {
    if (!files.exists(path)) return {};
    auto file = files.open(path, OpenMode::ReadWrite);
    if (!file) return std::unexpected(file.error());
    if (auto locked = (*file)->lock(); !locked) return locked;
    if (auto done = overwriteKeys(**file); !done) return done;
    if (auto done = files.remove(path); !done) return done;
    return files.syncDirectory(directoryOf(path));
}

/// Not zeros: a card may be quicker with those.
Bytes noise() {
    Bytes bytes(static_cast<std::size_t>(kStep_bytes));
    std::uint32_t state = 1;
    for (auto& byte : bytes) {
        state = state * 1664525 + 1013904223;
        byte = static_cast<std::uint8_t>(state >> 24U);
    }
    return bytes;
}

Result<FormatReport> writeSteps(File& file, std::uint64_t total_bytes, const Clock& clock,
                                const FormatProgress& progress) {
    FormatReport report;
    const Bytes step = noise();
    const BootTime begin = clock.bootNow();
    while (report.measured_bytes < total_bytes) {
        const BootTime before = clock.bootNow();
        if (auto put = file.writeAt(report.measured_bytes, step); !put) return std::unexpected(put.error());
        if (auto synced = file.sync(); !synced) return std::unexpected(synced.error());
        const Duration took = clock.bootNow() - before;
        report.longest = std::max(report.longest, took);
        report.stalls += took > kStall ? 1 : 0;
        report.measured_bytes += kStep_bytes;
        progress(report.measured_bytes, total_bytes);
    }
    const double took_s = std::chrono::duration<double>(clock.bootNow() - begin).count();
    if (took_s > 0) report.bytes_per_s = static_cast<double>(report.measured_bytes) / took_s;
    return report;
}

Result<FormatReport> measure(FileSystem& files, const FormatOrder& order, const Clock& clock,
                             const FormatProgress& progress) {
    const std::string path = order.path + ".measure";
    if (files.exists(path)) {
        if (auto done = files.remove(path); !done) return std::unexpected(done.error());
    }
    const auto free = files.freeBytes(directoryOf(path));
    if (!free) return std::unexpected(free.error());
    const std::uint64_t bytes = std::min(order.measured_bytes, *free / 2) / kStep_bytes * kStep_bytes;
    auto file = files.open(path, OpenMode::CreateNew);
    if (!file) return std::unexpected(file.error());
    auto report = writeSteps(**file, bytes, clock, progress);
    file->reset();
    if (auto done = files.remove(path); !done && report) return std::unexpected(done.error());
    return report;
}

}  // namespace

Result<FormatReport> formatCard(FileSystem& files, const FormatOrder& order, const Clock& clock,
                                const FormatProgress& progress) {
    const auto found = ring::inspectRing(files, order.path);
    if (!found) return passOn(found.error(), "looking at what is there");
    if (auto may = refuseForeign(*found, order); !may) return std::unexpected(may.error());
    if (auto done = removeOld(files, order.path); !done) return passOn(done.error(), "removing the old ring");
    auto report = measure(files, order, clock, progress);
    if (!report) return passOn(report.error(), "measuring the card");
    return report;
}

}  // namespace camgate::app
