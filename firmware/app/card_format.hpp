// Makes a card ready for a new ring: refuses what is not this gateway's, removes the old ring, measures how
// fast the card takes data and how long it stalls. The ring itself is made by whoever opens it next. Storage
// thread only; blocks for as long as that takes. Implements docs/ref/cli.md (storage format).
#pragma once

#include <functional>
#include <string>

#include "base/clock.hpp"
#include "base/file_system.hpp"

namespace camgate::app {

struct FormatOrder {
    std::string path;  ///< of the ring
    std::string gateway;
    bool force = false;  ///< also what is another gateway's or no ring at all
    std::uint64_t measured_bytes = 128U << 20U;
};

struct FormatReport {
    std::uint64_t measured_bytes = 0;
    double bytes_per_s = 0;
    Duration longest{0};       ///< of a step of 4 MiB and its sync
    std::uint32_t stalls = 0;  ///< steps over 2 s
};

/// Bytes done, bytes in all; called on the storage thread.
using FormatProgress = std::function<void(std::uint64_t, std::uint64_t)>;

/// FailedPrecondition: what lies there is not this gateway's ring, or somebody uses it; nothing was touched.
[[nodiscard]] Result<FormatReport> formatCard(FileSystem& files, const FormatOrder& order, const Clock& clock,
                                              const FormatProgress& progress);

}  // namespace camgate::app
