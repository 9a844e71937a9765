// How a camera comes into the configuration: described, tried, shown, then committed on trial. Used by
// `cameras add` and by setup. One thread. Implements docs/ref/cli.md (cameras).
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>

#include "console/session.hpp"

namespace camgate::console {

/// What `cameras add` needs to know of one camera.
struct NewCamera {
    std::string id;
    std::string name;
    std::string main, sub;
    std::string user, password;
    std::uint64_t bitrate_kbps = 0;
};

/// "192.168.1.20" and "192.168.1.20:8080" as the address of an ONVIF device service; others as they are.
std::string serviceUrl(const std::string& address);

/// Fills in `camera`'s streams from an rtsp:// address or from what the ONVIF camera at `address` offers, and
/// says on the way what was chosen and why.
[[nodiscard]] Status chooseStreams(Session& session, const std::string& address, NewCamera& camera);
/// Receives it, says what was measured, plans its bitrate.
[[nodiscard]] Status tryCamera(Session& session, NewCamera& camera);
/// Into the configuration, on trial; returns when the trial has ended. FailedPrecondition: somebody else
/// edits; it was refused or reverted.
[[nodiscard]] Status saveCamera(Session& session, const NewCamera& camera);
/// Until it delivers, at most 30 s.
[[nodiscard]] Status awaitCamera(Session& session, const std::string& id);

}  // namespace camgate::console
