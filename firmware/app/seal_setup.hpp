// How the ring is sealed, out of the configuration: where its key lies, whom new keys are released to, and
// what status and manifests may say of it. Any thread.
#pragma once

#include <optional>
#include <string>

#include "base/file_system.hpp"
#include "crypto/agreement_key.hpp"
#include "ring/ring_keys.hpp"

namespace camgate::app {

struct SealSetup {
    bool on = false;
    std::string key_file;
    std::optional<crypto::PublicPoint> release;  ///< none: no release key is configured, or it is of no use
};

/// "yes (key file)", "no (key on the same card)", "no (off)": a key that lies on the disk that carries the
/// ring protects nothing against whoever takes the disk, though erasing works.
std::string describeSealing(FileSystem& files, const SealSetup& setup, std::string_view source,
                            const std::string& ring_path);

}  // namespace camgate::app
