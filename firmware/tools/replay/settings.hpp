// What a replay goes by: a camera's motion settings out of a gateway's configuration, or zones alone, or the
// defaults. Implements docs/ref/replay.md.
#pragma once

#include <string>

#include "base/result.hpp"
#include "config/configuration.hpp"

namespace camgate::replay {

/// Nothing given: the defaults. `camera` may be empty if the configuration has one camera. InvalidArgument
/// says what is wrong in which file.
[[nodiscard]] Result<config::MotionConfig> loadMotion(const std::string& config_file,
                                                      const std::string& camera,
                                                      const std::string& zones_file);

}  // namespace camgate::replay
