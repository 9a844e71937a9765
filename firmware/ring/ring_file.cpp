#include "ring/ring_file.hpp"

#include <algorithm>
#include <array>

#include "base/log.hpp"
#include "crypto/random.hpp"

namespace camgate::ring {
namespace {

constexpr std::array kHeaders{std::uint64_t{0}, kHeaderCopy_bytes};
constexpr std::uint64_t kAllocationUnit_bytes = 4U << 20U;
/// An access unit of the largest size needs more than one of them.
constexpr std::uint64_t kLeastChosenExtent_bytes = 2 * kAllocationUnit_bytes;
/// A start reads a block of each, and each record's front in those that are open: where extents grow large it
/// takes more of them.
constexpr std::uint64_t kFewExtents = 2048;
constexpr std::uint64_t kLargeExtent_bytes = 128U << 20U;

std::string mib(std::uint64_t bytes) {
    return std::to_string((bytes + (1U << 20U) - 1) >> 20U) + " MiB";
}

std::uint64_t chosenExtent(std::uint64_t room_bytes) {
    const auto dividedBy = [room_bytes](std::uint64_t count) {
        const std::uint64_t least = (room_bytes + count - 1) / count;
        return (least + kAllocationUnit_bytes - 1) / kAllocationUnit_bytes * kAllocationUnit_bytes;
    };
    const std::uint64_t few = std::min(dividedBy(kFewExtents), kLargeExtent_bytes);
    return std::clamp(std::max(few, dividedBy(kMaxExtents)), kLeastChosenExtent_bytes, kMostExtent_bytes);
}

Result<RingFileHeader> layOut(const RingOptions& options, const Clock& clock) {
    RingFileHeader header;
    header.gateway = options.gateway;
    if (options.gateway.empty() || options.gateway.size() > 64) {
        return fail(ErrorKind::InvalidArgument, "a gateway id of 1 to 64 bytes is needed");
    }
    const std::uint64_t room = options.size_bytes > kFront_bytes ? options.size_bytes - kFront_bytes : 0;
    header.extent_bytes = options.extent_bytes != 0 ? options.extent_bytes : chosenExtent(room);
    const std::uint64_t count = room / header.extent_bytes;
    if (header.extent_bytes % kExtentUnit_bytes != 0 || header.extent_bytes < kLeastExtent_bytes ||
        header.extent_bytes > kMostExtent_bytes || count > kMaxExtents) {
        return fail(ErrorKind::InvalidArgument,
                    "extents are multiples of 64 KiB from 128 KiB to 1 GiB, at most 4096 of them");
    }
    if (count < 3) {
        return fail(ErrorKind::InvalidArgument, "a ring needs at least " +
                                                    mib(kFront_bytes + 3 * header.extent_bytes) + ", not " +
                                                    mib(options.size_bytes));
    }
    header.extent_count = static_cast<std::uint32_t>(count);
    const WallReading now = clock.wallNow();
    if (now.quality != WallQuality::Unsynced) header.created_ns = now.time.time_since_epoch().count();
    if (auto done = crypto::fillRandom(header.id); !done) return std::unexpected(done.error());
    return header;
}

Status checkSpace(FileSystem& files, const std::string& path, std::uint64_t needed_bytes) {
    const auto free = files.freeBytes(directoryOf(path));
    if (!free) return std::unexpected(free.error());
    if (*free >= needed_bytes) return {};
    return fail(ErrorKind::NoSpace, "the ring needs " + mib(needed_bytes) + ", " + mib(*free) + " are free");
}

Status writeSetUp(File& file, const RingFileHeader& header) {
    if (auto done = file.resize(header.fileBytes()); !done) return done;
    const Bytes block = encodeRingHeader(header);
    if (auto done = file.writeAt(0, block); !done) return done;
    if (auto done = file.writeAt(kHeaderCopy_bytes, block); !done) return done;
    return file.sync();
}

Status setUp(FileSystem& files, const std::string& path, const RingOptions& options, const Clock& clock) {
    const auto header = layOut(options, clock);
    if (!header) return std::unexpected(header.error());
    const std::string beside = path + ".new";
    // A set-up that the power ended leaves this behind; its space is needed.
    if (files.exists(beside)) {
        if (auto done = files.remove(beside); !done) return done;
    }
    if (auto space = checkSpace(files, path, header->fileBytes()); !space) return space;
    auto file = files.open(beside, OpenMode::CreateNew);
    if (!file) return std::unexpected(file.error());
    if (auto done = writeSetUp(**file, *header); !done) {
        file->reset();
        (void)files.remove(beside);
        if (done.error().kind == ErrorKind::NoSpace) {
            return passOn(done.error(), "the ring needs " + mib(header->fileBytes()));
        }
        return done;
    }
    if (auto done = files.rename(beside, path); !done) return done;
    return files.syncDirectory(directoryOf(path));
}

Result<RingFileHeader> readHeader(File& file, const std::string& gateway) {
    const auto size = file.size();
    if (!size) return std::unexpected(size.error());
    if (*size < kFront_bytes) return fail(ErrorKind::FailedPrecondition, "not a camgate ring; left as it is");
    Result<RingFileHeader> header = fail(ErrorKind::NotFound, "");
    for (const std::uint64_t at : kHeaders) {
        Bytes block(kBlock_bytes);
        if (auto read = file.readAt(at, block); !read) return std::unexpected(read.error());
        auto decoded = decodeRingHeader(block);
        // A damaged copy says more than a missing one.
        if (decoded || header.error().kind == ErrorKind::NotFound) header = std::move(decoded);
        if (header) break;
    }
    if (!header && header.error().kind == ErrorKind::NotFound) {
        return fail(ErrorKind::FailedPrecondition, "not a camgate ring; left as it is");
    }
    if (!header) return header;
    if (header->gateway != gateway) {
        return fail(ErrorKind::FailedPrecondition, "the ring belongs to gateway '" + header->gateway +
                                                       "', this is '" + gateway + "'; left as it is");
    }
    if (*size < header->fileBytes()) {
        return fail(ErrorKind::Corruption,
                    "the ring is cut off: " + mib(*size) + " of " + mib(header->fileBytes()));
    }
    return header;
}

/// A copy that a power cut damaged is written anew, so that the next one does not meet the last. What cannot
/// be written now is tried with the next start.
void mendHeaders(File& file, const RingFileHeader& header) {
    const Bytes right = encodeRingHeader(header);
    for (const std::uint64_t at : kHeaders) {
        Bytes block(kBlock_bytes);
        if (!file.readAt(at, block)) continue;
        const auto copy = decodeRingHeader(block);
        const bool damaged = !copy && copy.error().kind != ErrorKind::FailedPrecondition;
        if (!damaged) continue;
        const bool mended = file.writeAt(at, right) && file.sync();
        logEvent(LogLevel::Warning, "ring", "ring-header-damaged", {{"offset", at}, {"mended", mended}});
    }
}

}  // namespace

Result<RingFile> openRingFile(FileSystem& files, const std::string& path, const RingOptions& options,
                              const Clock& clock) {
    if (!files.exists(path)) {
        if (auto done = setUp(files, path, options, clock); !done) {
            return passOn(done.error(), "setting up the ring " + path);
        }
    }
    RingFile ring;
    auto file = files.open(path, OpenMode::ReadWrite);
    if (!file) return passOn(file.error(), "opening the ring");
    ring.file = std::move(*file);
    // A start reads single blocks all over the ring; what comes later is read a record at a time.
    ring.file->expectScatteredReads();
    if (auto locked = ring.file->lock(); !locked) return passOn(locked.error(), "opening the ring");
    auto header = readHeader(*ring.file, options.gateway);
    if (!header) return passOn(header.error(), "opening the ring " + path);
    ring.header = std::move(*header);
    mendHeaders(*ring.file, ring.header);
    return ring;
}

}  // namespace camgate::ring
