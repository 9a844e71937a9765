// Setting a ring's file up, and opening one that stands: size, header, lock. A new file is made beside its
// place and renamed when it is whole, so that what is found under the name is a ring or none of ours.
// Storage thread only. Implements docs/design/ring.md (Setting up).
#pragma once

#include <memory>
#include <string>

#include "base/clock.hpp"
#include "base/file_system.hpp"
#include "ring/extent_table.hpp"
#include "ring/ring_keys.hpp"

namespace camgate::ring {

struct RingOptions {
    std::uint64_t size_bytes = 0;    ///< of a new ring, whole file; a standing one keeps its size
    std::uint64_t extent_bytes = 0;  ///< of a new ring, a multiple of 4 MiB; 0: chosen from the size
    std::string gateway;             ///< a ring of another gateway is refused
    ClassShares shares{};            ///< of this run; what lies in a standing ring is given up accordingly
    SealOptions sealing{};
    Duration slow_write = std::chrono::seconds(2);  ///< a round longer than this is counted as slow
};

struct RingFile {
    std::unique_ptr<File> file;
    RingFileHeader header;
};

/// NoSpace says how much is needed and free; PermissionDenied: read-only; FailedPrecondition: locked by
/// another process, another gateway's, a newer format, or not a ring; what is there stays untouched.
[[nodiscard]] Result<RingFile> openRingFile(FileSystem& files, const std::string& path,
                                            const RingOptions& options, const Clock& clock);

}  // namespace camgate::ring
