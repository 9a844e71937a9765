// Keeps this process's TCP connections to a pace: the kernel spreads what is written, however large a message
// is (SO_MAX_PACING_RATE; no right needed, no queueing discipline). Paho does not tell its socket, so all
// that the process has are taken: it has one. Any thread. Implements docs/design/link.md (Pace).
#pragma once

#include <cstdint>

namespace camgate::link {

/// True: there was a connection, and it keeps to it from now on.
bool paceConnections(std::uint64_t bytes_per_s);

}  // namespace camgate::link
