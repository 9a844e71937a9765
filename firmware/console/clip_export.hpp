// Takes a range of footage out of the gateway into a directory: MP4 files as they play anywhere, and the
// signed manifest that camgate-verify judges them by. Everything is written beside its place, synced and
// renamed when all of it is whole, the manifest last: what lies under a final name is complete. One thread.
// Implements docs/ref/cli.md (clip export).
#pragma once

#include <cstdint>
#include <functional>
#include <nlohmann/json_fwd.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "base/file_system.hpp"

namespace camgate::console {

struct ExportOrder {
    std::string camera;
    std::string from;
    std::string to;
    std::string quality;
    std::string to_dir;
};

struct Exported {
    std::vector<std::string> files;  ///< paths, in order
    std::string manifest_file;
    bool is_signed =
        false;  ///< else the manifest file holds the bare manifest: the gateway has no evidence key
    std::string manifest;  ///< JSON text, with the files' hash
};

/// ControlClient::call, or what a test puts in its place.
using ControlCall = std::function<Result<std::string>(std::string_view, const nlohmann::json&)>;
/// Bytes done, bytes in all.
using Progress = std::function<void(std::uint64_t, std::uint64_t)>;

/// NotFound, InvalidArgument: as the daemon says of camera and range. NoSpace says how much is needed and
/// free. FailedPrecondition: one of the files is there already. Whatever fails, nothing is left behind.
[[nodiscard]] Result<Exported> exportClip(const ControlCall& call, FileSystem& files,
                                          const ExportOrder& order, const Progress& progress);

}  // namespace camgate::console
