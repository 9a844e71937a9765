// What a hub asks of a gateway: a signed envelope, sent again until the reply comes. One thread.
// Implements docs/ref/mqtt.md (command, reply).
#pragma once

#include <chrono>
#include <cstdint>
#include <deque>
#include <memory>
#include <nlohmann/json_fwd.hpp>
#include <string>
#include <vector>

#include "tools/hub/connection.hpp"

namespace camgate::hub {

struct CommandSettings {
    BrokerSettings broker;
    std::string gateway;
    std::string signer_certificate_file, signer_key_file;
    std::string counter_file;      ///< empty: the signer's key file with ".counter" behind it
    std::string receive_key_file;  ///< empty: a picture that is sealed cannot be opened
    std::uint32_t wait_s = 60;
};

struct ClipOrder {
    std::string camera, from, to, quality;
    std::string case_number, officer, purpose;  ///< empty: left out
};

/// A signed envelope for the gateway, with the signer's next counter.
[[nodiscard]] Result<std::string> sealFor(const CommandSettings& settings, const std::string& command,
                                          const std::string& payload, std::chrono::minutes lifetime);
/// The reply to a command, the refusing one too, over a connection of its own. Timeout: none came.
[[nodiscard]] Result<nlohmann::json> ask(const CommandSettings& settings, const std::string& command,
                                         nlohmann::json payload);
/// A connection under a name that nobody else has; it hears the gateway's replies, and `topics`.
[[nodiscard]] Result<std::unique_ptr<Connection>> openForReplies(const CommandSettings& settings,
                                                                 std::vector<std::string> topics);
/// `ask` over such a connection; what else comes by it meanwhile goes to `others`.
[[nodiscard]] Result<nlohmann::json> ask(Connection& connection, const CommandSettings& settings,
                                         const std::string& command, nlohmann::json payload,
                                         std::deque<Arrived>& others);
/// Says it on standard error; the exit status that goes with it.
int complain(const Error& error);

/// Exit statuses: 0 done, 1 refused or failed, 3 nothing came in time. The reply goes to standard output.
/// `serve_directory`: waits until a `serve` that fills it has the clip; empty: does not wait.
int requestClip(const CommandSettings& settings, const ClipOrder& order, const std::string& serve_directory);
/// Any command; `payload` is its JSON object.
int request(const CommandSettings& settings, const std::string& command, const std::string& payload);
/// The picture goes into `out_file`.
int requestSnapshot(const CommandSettings& settings, const std::string& camera, const std::string& out_file);

}  // namespace camgate::hub
