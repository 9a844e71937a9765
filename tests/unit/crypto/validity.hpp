// From when to when that holds which tests of certificates issue. Header only.
#pragma once

#include "base/wall_text.hpp"

namespace camgate::test {

inline const WallTime kFrom = parseWallTime("2030-01-01T00:00:00Z").value();
inline const WallTime kTo = parseWallTime("2031-01-01T00:00:00Z").value();

}  // namespace camgate::test
