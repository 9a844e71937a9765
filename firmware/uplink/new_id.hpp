// Ids of rows and sessions: 16 random bytes in hex; seeds of sealed clips. Any thread.
#pragma once

#include <string>

#include "crypto/random.hpp"

namespace camgate::uplink {

/// The kernel's random numbers do not fail once its pool is seeded, and the daemon starts after that.
inline std::string newId() {
    return crypto::randomHex(16).value_or(std::string());
}

inline Bytes newSeed() {
    Bytes seed(32);
    if (!crypto::fillRandom(seed)) seed.clear();
    return seed;
}

}  // namespace camgate::uplink
