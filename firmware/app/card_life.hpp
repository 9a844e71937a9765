// What is left of a card: predicted from what it is rated for and what was written, or as an eMMC says
// itself. What is not known is absent. Any thread.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "base/clock.hpp"
#include "base/file_system.hpp"

namespace camgate::app {

struct CardUse {
    double rated_tbw_tb = 0;               ///< of the board's card, in 10^12 bytes; 0: not known
    std::uint64_t written_ever_bytes = 0;  ///< by this ring: what a card bore before is not known
    std::uint64_t written_bytes = 0;       ///< in `measured`
    Duration measured{0};
};

/// Bytes per second; nothing while too little time has passed to say.
std::optional<double> writeRate(const CardUse& use);
/// Days until the rated bytes are written, at this rate.
std::optional<double> daysOfLife(const CardUse& use);

/// The used part of an eMMC's life in percent, at most so much: the worse of the two figures that its
/// `life_time` gives in steps of ten. Nothing: what `path` lies on is no eMMC.
std::optional<int> emmcLifeUsed(FileSystem& files, const std::string& path);

}  // namespace camgate::app
