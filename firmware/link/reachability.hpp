// Why a broker could not be reached: Paho says "failure" and no more. Asked after a failed connection, by a
// worker that is about to end. Blocks for at most `longest`. Any thread.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>

namespace camgate::link {

/// "the name broker.example does not resolve: ...", "connection refused by ...", "no answer from ...".
std::string whyUnreachable(const std::string& host, std::uint16_t port, std::chrono::milliseconds longest);

}  // namespace camgate::link
