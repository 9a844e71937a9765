// What is said of cameras that are found, described and tried. Any thread.
#pragma once

#include <string>

namespace camgate::console {

/// With numbers, as setup asks for them.
std::string renderFound(const std::string& result);
std::string renderDescription(const std::string& result);
std::string renderTrial(const std::string& result);
std::string renderZones(const std::string& result);

}  // namespace camgate::console
