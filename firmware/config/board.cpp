#include "config/board.hpp"

#include "config/table_reader.hpp"

namespace camgate::config {
namespace {

constexpr std::array kCardFields{
    field<&CardProfile::rated_tbw_tb>(
        "rated_tbw_tb", "TB", {0, 1'000'000},
        "What its maker says may be written to it, for the predicted days of life. "
        "0: not known."),
};
constexpr Table kCardTable{"card", kCardFields, defaultsOf<CardProfile>};

constexpr std::array kFields{
    required(field<&Board::name>("name", "", {1, 32}, "The folder's name below boards/.")),
    field<&Board::description>("description", "", {0, 200}, "For people."),
    required(field<&Board::max_cameras>("max_cameras", "", {1, 64}, "Cameras it can carry.")),
    required(field<&Board::media_pool_mib>("media_pool_mib", "MiB", {8, 4096},
                                           "Memory for footage on its way to the card.")),
    objectField<&Board::card>("card", kCardTable, "The card that it is sold with."),
};
constexpr Table kTable{"board", kFields, defaultsOf<Board>};

}  // namespace

const Table& boardTable() {
    return kTable;
}

Result<Board> loadBoard(std::string_view text) {
    Board board;
    std::vector<Fault> faults;
    readByTable(text, kTable, &board, faults);
    if (!faults.empty()) return fail(ErrorKind::InvalidArgument, describe(faults));
    return board;
}

}  // namespace camgate::config
