// The daemon's answers as people read them. Input is the JSON text of docs/ref/cli.md; a field that is absent
// was not measured and shows as "-". Any thread.
#pragma once

#include <string>

namespace camgate::console {

std::string renderStatus(const std::string& result);
std::string renderCameras(const std::string& result);
std::string renderEvents(const std::string& result);

}  // namespace camgate::console
