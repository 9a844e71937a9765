// Tells what lies where a ring is wanted, without touching it: what set-up and formatting decide by. Storage
// thread only.
#pragma once

#include <string>

#include "base/file_system.hpp"
#include "ring/extent_format.hpp"

namespace camgate::ring {

enum class RingContent : std::uint8_t {
    Nothing,  ///< no file, or one of zeros
    Ring,     ///< that one, of `gateway`
    Foreign,  ///< something else, a newer format and a damaged header included
};

struct FoundContent {
    RingContent content = RingContent::Nothing;
    RingId id{};
    std::string gateway;
    std::string what;  ///< of Foreign, for people
    std::uint64_t bytes = 0;
};

/// Fails only where the medium does.
[[nodiscard]] Result<FoundContent> inspectRing(FileSystem& files, const std::string& path);

}  // namespace camgate::ring
