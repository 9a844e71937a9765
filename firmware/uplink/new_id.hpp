// Ids of rows and sessions: 16 random bytes in hex. Any thread.
#pragma once

#include <string>

#include "crypto/random.hpp"

namespace camgate::uplink {

/// The kernel's random numbers do not fail once its pool is seeded, and the daemon starts after that.
inline std::string newId() {
    return crypto::randomHex(16).value_or(std::string());
}

}  // namespace camgate::uplink
