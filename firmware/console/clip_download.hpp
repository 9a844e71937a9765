// Fetches a range of footage over the control socket into a file: plan, read in steps, release. One thread.
#pragma once

#include <functional>
#include <string>

#include "base/file_system.hpp"
#include "console/control_client.hpp"

namespace camgate::console {

struct ClipOrder {
    std::string camera;
    std::string from;
    std::string to;
    std::string quality;
    std::string out_file;  ///< further files of the same clip get "-2", "-3" before the ending
};

/// Writes the files and, beside the first, its manifest as FILE.json. Gives the plan's answer (JSON text).
/// `progress` is told the bytes done and the bytes in all.
[[nodiscard]] Result<std::string> downloadClip(
    ControlClient& client, FileSystem& files, const ClipOrder& order,
    const std::function<void(std::uint64_t, std::uint64_t)>& progress);

}  // namespace camgate::console
