#include "config/board.hpp"

#include "config/table_reader.hpp"

namespace camgate::config {
namespace {

constexpr Range kText{0, 200};
constexpr Range kBoardPath{0, 200};

constexpr std::array<std::string_view, 3> kArchitectures{"amd64", "arm64", "armhf"};
constexpr std::array<std::string_view, 2> kDecoders{"software", "v4l2"};
constexpr std::array<std::string_view, 1> kKeySources{"state-file"};
constexpr std::array<std::string_view, 3> kLoaderPlaces{"none", "raw", "file"};

constexpr std::array kCardFields{
    field<&CardProfile::rated_tbw_tb>(
        "rated_tbw_tb", "TB", {0, 1'000'000},
        "What its maker says may be written to it, for the predicted days of life. "
        "0: not known."),
};
constexpr Table kCardTable{"card", kCardFields, defaultsOf<CardProfile>};

constexpr std::array kSerialFields{
    required(field<&SerialProfile::device>("device", "", {1, 32}, "Its name below /dev.")),
    field<&SerialProfile::baud>("baud", "1/s", {9600, 4'000'000}, "Speed of the line, 8N1."),
};
constexpr Table kSerialTable{"serial_console", kSerialFields, defaultsOf<SerialProfile>};

constexpr std::array kWatchdogFields{
    field<&WatchdogProfile::module>("module", "", {0, 64}, "Kernel module of its driver. Empty: built in."),
    field<&WatchdogProfile::timeout_s>("timeout_s", "s", {0, 600},
                                       "A machine that hangs is reset after this time. 0: there is none."),
};
constexpr Table kWatchdogTable{"watchdog", kWatchdogFields, defaultsOf<WatchdogProfile>};

constexpr std::array kLedFields{
    field<&LedProfile::status>("status", "", {0, 64}, "Beats while the kernel runs, below /sys/class/leds."),
};
constexpr Table kLedTable{"leds", kLedFields, defaultsOf<LedProfile>};

constexpr std::array kImageFields{
    required(field<&ImageProfile::kernel_package>("kernel_package", "", {1, 64}, "Debian's kernel for it.")),
    field<&ImageProfile::loader_package>("loader_package", "", {0, 64}, "Debian package of the boot loader."),
    field<&ImageProfile::loader_file>("loader_file", "", kBoardPath, "The boot loader in that package."),
    choiceField<&ImageProfile::loader_place>(
        "loader_place", kLoaderPlaces,
        "raw: at an offset of the card; file: in the boot partition; none: the machine brings its own."),
    field<&ImageProfile::loader_offset_kib>("loader_offset_kib", "KiB", {0, 16'384},
                                            "Where a raw boot loader begins on the card."),
    field<&ImageProfile::device_tree>("device_tree", "", kBoardPath,
                                      "Below the kernel's folder of device trees. Empty: the loader has it."),
    field<&ImageProfile::firmware_folder>("firmware_folder", "", {},
                                          "Boot firmware that Debian does not have comes from --firmware."),
};
constexpr Table kImageTable{"image", kImageFields, defaultsOf<ImageProfile>};

constexpr std::array kBoardFields{
    required(field<&Board::name>("name", "", {1, 32}, "The folder's name below boards/.")),
    field<&Board::description>("description", "", kText, "For people."),
    required(choiceField<&Board::architecture>("architecture", kArchitectures, "Debian's name of it.")),
    field<&Board::memory_mib>("memory_mib", "MiB", {0, 65'536}, "Of the machine. 0: not known."),
    required(field<&Board::max_cameras>("max_cameras", "", {1, 64}, "Cameras it can carry.")),
    required(field<&Board::media_pool_mib>("media_pool_mib", "MiB", {8, 4096},
                                           "Memory for footage on its way to the card.")),
    choiceField<&Board::decoder>("decoder", kDecoders, "Who decodes the small pictures."),
    choiceField<&Board::key_source>("key_source", kKeySources, "Where the secret lies that opens footage."),
    objectField<&Board::card>("card", kCardTable, "The card that it is sold with."),
    objectField<&Board::serial_console>("serial_console", kSerialTable, "The technician's line."),
    objectField<&Board::watchdog>("watchdog", kWatchdogTable, "Resets a machine that hangs."),
    objectField<&Board::leds>("leds", kLedTable, "What the box shows. Empty: none."),
    objectField<&Board::image>("image", kImageTable, "What scripts/image makes its image of. Absent: none."),
};
constexpr Table kBoardTable{"board", kBoardFields, defaultsOf<Board>};

}  // namespace

const Table& boardTable() {
    return kBoardTable;
}

Result<Board> loadBoard(std::string_view text) {
    Board board;
    std::vector<Fault> faults;
    readByTable(text, kBoardTable, &board, faults);
    if (!faults.empty()) return fail(ErrorKind::InvalidArgument, describe(faults));
    return board;
}

}  // namespace camgate::config
