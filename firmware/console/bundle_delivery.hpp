// Hands a bundle of the technician's to camgated in pieces, from where an earlier try was cut. One thread.
// Implements docs/ref/cli.md (update).
#pragma once

#include "base/file_system.hpp"
#include "console/clip_export.hpp"

namespace camgate::console {

/// All of it is at camgated when this returns. Errors: the file's, camgated's refusal.
[[nodiscard]] Status deliverBundle(const ControlCall& call, FileSystem& files, const std::string& file,
                                   const Progress& progress);

/// The one bundle on the sticks that are mounted below `folder`. NotFound: none; FailedPrecondition: several.
[[nodiscard]] Result<std::string> bundleOnStick(FileSystem& files, const std::string& folder);

}  // namespace camgate::console
