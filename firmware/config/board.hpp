// What a kind of board is: data in boards/<name>/board.json, read by the same kind of table as the
// configuration. The daemon takes from it what the board can carry, scripts/image what its image is made of.
// Any thread. Page: boards.md.
#pragma once

#include <string>
#include <string_view>

#include "base/result.hpp"
#include "config/field.hpp"

namespace camgate::config {

enum class Architecture : std::uint8_t { Amd64, Arm64, Armhf };
enum class DecoderPreference : std::uint8_t { Software, V4l2 };
enum class KeySource : std::uint8_t { StateFile };
enum class LoaderPlace : std::uint8_t { None, Raw, File };

/// The card that the board is sold with.
struct CardProfile {
    double rated_tbw_tb = 0;  ///< 0: not known
};

struct SerialProfile {
    std::string device;
    std::int64_t baud = 115'200;
};

struct WatchdogProfile {
    std::string module;
    std::int64_t timeout_s = 0;  ///< 0: none
};

struct LedProfile {
    std::string status;
};

struct ImageProfile {
    std::string kernel_package;
    std::string loader_package;
    std::string loader_file;
    LoaderPlace loader_place = LoaderPlace::None;
    std::int64_t loader_offset_kib = 0;
    std::string device_tree;
    bool firmware_folder = false;
};

struct Board {
    std::string name = {};
    std::string description = {};
    Architecture architecture = Architecture::Amd64;
    std::int64_t memory_mib = 0;
    std::int64_t max_cameras = 4;
    std::int64_t media_pool_mib = 96;
    DecoderPreference decoder = DecoderPreference::Software;
    KeySource key_source = KeySource::StateFile;
    CardProfile card = {};
    SerialProfile serial_console = {};
    WatchdogProfile watchdog = {};
    LedProfile leds = {};
    ImageProfile image = {};
};

const Table& boardTable();

/// InvalidArgument lists every fault.
[[nodiscard]] Result<Board> loadBoard(std::string_view text);

}  // namespace camgate::config
