// The daemon's answers as people read them. Input is the JSON text of docs/ref/cli.md; a field that is absent
// was not measured and shows as "-". Any thread.
#pragma once

#include <string>

#include "console/clip_export.hpp"

namespace camgate::console {

std::string renderStatus(const std::string& result);
std::string renderMetrics(const std::string& result);
std::string renderCameras(const std::string& result);
std::string renderEvents(const std::string& result);
std::string renderExport(const Exported& exported);
std::string exportJson(const Exported& exported);

}  // namespace camgate::console
