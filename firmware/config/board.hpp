// What a kind of board can carry: data in boards/<name>/board.json, read by the same kind of table as the
// configuration. Any thread.
#pragma once

#include <string>
#include <string_view>

#include "base/result.hpp"
#include "config/field.hpp"

namespace camgate::config {

/// The card that the board is sold with.
struct CardProfile {
    double rated_tbw_tb = 0;  ///< 0: not known
};

struct Board {
    std::string name;
    std::string description;
    std::int64_t max_cameras = 4;
    std::int64_t media_pool_mib = 96;
    CardProfile card;
};

const Table& boardTable();

/// InvalidArgument lists every fault.
[[nodiscard]] Result<Board> loadBoard(std::string_view text);

}  // namespace camgate::config
