// Which boot this is: the same number as long as the boot clock runs on. Any thread.
#pragma once

#include <cstdint>

#include "base/file_system.hpp"

namespace camgate::app {

std::uint64_t bootSession(FileSystem& files);

}  // namespace camgate::app
