#include "app/seal_setup.hpp"

namespace camgate::app {

std::string describeSealing(FileSystem& files, const SealSetup& setup, std::string_view source,
                            const std::string& ring_path) {
    if (!setup.on) return "no (off)";
    const auto ring = files.mediumOf(ring_path);
    const auto key = files.mediumOf(setup.key_file);
    if (!ring || !key) return "no (where the key lies is not known)";
    if (*ring == *key) return "no (key on the same card)";
    return "yes (" + std::string(source) + ")";
}

}  // namespace camgate::app
