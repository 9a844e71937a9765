// From what Paho and OpenSSL say to what the technician reads: which of the link's states it is, and why.
// Pure; any thread. Implements docs/design/link.md.
#pragma once

#include <span>
#include <string>
#include <string_view>

#include "ipc/link_messages.hpp"

namespace camgate::link {

struct ConnectFailure {
    int return_code = 0;    ///< Paho's; above 0 the broker's CONNACK
    int reason_code = 0;    ///< MQTT 5; 0: the broker did not answer
    std::string message;    ///< Paho's words, often empty
    std::string tls_trace;  ///< lines that OpenSSL and Paho wrote during the handshake
};

struct Outcome {
    ipc::LinkState state;
    std::string detail;
};

/// "the broker's certificate has expired", ...; empty if the lines name no TLS failure.
std::string tlsReason(std::string_view trace);

/// Without a TLS failure and without an answer the state is Unreachable and the detail empty: the caller asks
/// the network why (reachability.hpp).
Outcome outcomeOf(const ConnectFailure& failure);

/// MQTT 5 reason codes in words, "not authorized (0x87)".
std::string reasonText(int reason_code);

}  // namespace camgate::link
