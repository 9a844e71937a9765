// Where tests find files of the tree and programs of the build. Known to one file alone, so that the objects
// of all others are the same wherever the tree lies, and a compiler cache serves them.
#pragma once

#include <string>

namespace camgate::places {

std::string goldenFolder();
std::string programFolder();

}  // namespace camgate::places
