#include "tools/replay/settings.hpp"

#include <algorithm>
#include <cerrno>
#include <fstream>
#include <iterator>

#include "config/reader.hpp"
#include "config/table_reader.hpp"

namespace camgate::replay {
namespace {

/// Any gateway's configuration may be tried anywhere: its own board has judged it.
config::Board anyBoard() {
    config::Board board;
    board.max_cameras = 64;
    board.media_pool_mib = 1 << 20;
    return board;
}

Result<std::string> readText(const std::string& path) {
    std::ifstream file(path, std::ios::binary);
    std::string text{std::istreambuf_iterator<char>(file), {}};
    if (!file.is_open() || file.bad()) return failErrno(errno, "reading " + path);
    return text;
}

Error faulty(const std::string& path, const std::vector<config::Fault>& faults) {
    return {ErrorKind::InvalidArgument, 0, path + ":\n" + config::describe(faults)};
}

Result<config::MotionConfig> ofCamera(const std::string& path, const std::string& camera) {
    const auto text = readText(path);
    if (!text) return std::unexpected(text.error());
    const auto loaded = config::loadConfiguration(*text, anyBoard());
    if (!loaded.faults.empty()) return std::unexpected(faulty(path, loaded.faults));
    const auto& cameras = loaded.configuration.cameras;
    if (camera.empty() && cameras.size() == 1) return cameras[0].motion;
    const auto found = std::ranges::find(cameras, camera, &config::CameraConfig::id);
    if (found != cameras.end()) return found->motion;
    std::string known;
    for (const auto& one : cameras) known += (known.empty() ? "" : ", ") + one.id;
    return fail(ErrorKind::InvalidArgument,
                path + (camera.empty() ? ": say which --camera" : " has no camera \"" + camera + "\"") +
                    " (there are: " + known + ")");
}

Result<config::MotionConfig> ofZones(const std::string& path) {
    const auto text = readText(path);
    if (!text) return std::unexpected(text.error());
    config::MotionConfig motion;
    std::vector<config::Fault> faults;
    config::readField(*text, config::motionTable(), "zones", &motion, faults);
    if (!faults.empty()) return std::unexpected(faulty(path, faults));
    return motion;
}

}  // namespace

Result<config::MotionConfig> loadMotion(const std::string& config_file, const std::string& camera,
                                        const std::string& zones_file) {
    if (!config_file.empty()) return ofCamera(config_file, camera);
    if (!zones_file.empty()) return ofZones(zones_file);
    return config::MotionConfig{};
}

}  // namespace camgate::replay
