// Vietnamese for terminals that show seven bits: letters without their marks. Any thread.
#pragma once

#include <string>
#include <string_view>

namespace camgate::console {

/// "Cổng sau" becomes "Cong sau"; what has no letter to fall back to becomes "?".
std::string sevenBit(std::string_view utf8);

}  // namespace camgate::console
