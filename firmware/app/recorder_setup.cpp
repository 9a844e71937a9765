#include "app/recorder_setup.hpp"

#include "app/daemon.hpp"

namespace camgate::app {
namespace {

/// Numbers on the card: docs/ref/ring-format.md (Footer).
std::uint8_t retentionClass(config::RetentionClass name) {
    return static_cast<std::uint8_t>(name);
}

}  // namespace

std::string ringPath(const DaemonOptions& options) {
    return options.card_folder + "/ring";
}

std::vector<RecordedCamera> recordedCameras(const config::Configuration& configuration) {
    std::vector<RecordedCamera> recorded;
    for (const auto& camera : configuration.cameras) {
        if (camera.record == config::RecordMode::Continuous)
            recorded.push_back({camera.id, camera.bitrate_kbps, retentionClass(camera.main_class),
                                retentionClass(camera.sub_class), camera.keep_days});
    }
    return recorded;
}

RecorderOptions recorderOptions(const DaemonOptions& options, const Credentials& credentials) {
    constexpr std::uint64_t kMiB = 1U << 20U;
    const auto& storage = options.configuration.storage;
    RecorderOptions out;
    out.path = ringPath(options);
    out.ring.size_bytes = static_cast<std::uint64_t>(storage.ring_mib) * kMiB;
    out.ring.extent_bytes = static_cast<std::uint64_t>(storage.extent_mib) * kMiB;
    out.ring.shares.percent = {static_cast<std::uint32_t>(storage.preview_percent),
                               static_cast<std::uint32_t>(storage.long_percent)};
    out.ring.gateway = options.configuration.gateway;
    out.media_pool_bytes = static_cast<std::size_t>(options.board.media_pool_mib) * kMiB;
    out.cameras = recordedCameras(options.configuration);
    out.sealing.on = storage.seal;
    out.sealing.key_file = options.data_folder + "/ring.key";
    if (storage.key_file.starts_with('/')) {
        out.sealing.key_file = storage.key_file;
    } else if (!storage.key_file.empty()) {
        out.sealing.key_file = options.config_folder + "/" + storage.key_file;
    }
    out.sealing.release = credentials.release;
    return out;
}

}  // namespace camgate::app
