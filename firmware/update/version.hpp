// Which of two versions is newer, by the order that Debian gives its packages' versions. Pure; any thread.
#pragma once

#include <string_view>

namespace camgate::update {

/// Below zero: `a` is the older one; zero: neither is.
int compareVersions(std::string_view a, std::string_view b);

/// 1 to 64 of A-Z a-z 0-9 . + ~ -, a digit first.
bool isVersion(std::string_view text);

}  // namespace camgate::update
