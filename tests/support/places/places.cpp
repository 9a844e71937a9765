#include "support/places/places.hpp"

namespace camgate::places {

std::string goldenFolder() {
    return CAMGATE_GOLDEN_DIR;
}

std::string programFolder() {
    return CAMGATE_BIN_DIR;
}

}  // namespace camgate::places
