// How a box without certificates comes to its hub, asked of a technician who has the hub's people on the
// telephone: the hub's address, then enrolment with a one-time code and a root that is compared by ear. Used
// by setup and by `hub enrol`. One thread. Implements docs/ref/cli.md (hub) and docs/design/enrolment.md.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "console/session.hpp"

namespace camgate::console {

/// Where the hub's broker listens.
struct HubAddress {
    std::string host;  ///< empty: not known
    std::uint16_t port = 8883;
};

/// "hub.example", "hub.example:8883", "192.168.1.7:8883". InvalidArgument: none of these.
[[nodiscard]] Result<HubAddress> parseHubAddress(const std::string& typed);
/// "3f1a 22b0 ...", two lines of eight groups, to be read out.
std::string readableFingerprint(const std::string& hex);

/// What `hub.install` and `hub.enrol` answer, for people.
std::string renderInstalled(const std::string& result);

/// Of the configuration in force; a sample's name counts as not known.
[[nodiscard]] Result<HubAddress> configuredHub(Session& session);
/// Asks, and puts another address into the configuration. FailedPrecondition: somebody else edits.
[[nodiscard]] Result<HubAddress> chooseHub(Session& session);
/// Asks for the code, shows the root. No `port`: the default. PermissionDenied: another root, or refused.
[[nodiscard]] Status enrolByTalk(Session& session, std::optional<std::uint64_t> port);

}  // namespace camgate::console
