// Answers gateways that renew: the same bundle for the same request, a new one for a new, so many a day.
// Keeps the authority's revocation lists young. Opens the authority for each, so that `camgate-hub ca` can be
// used meanwhile. One thread. Implements docs/design/enrolment.md (Renewal), the hub's side.
#pragma once

#include <optional>
#include <string>

#include "tools/hub/ca/authority.hpp"
#include "tools/hub/database.hpp"

namespace camgate::hub {

class Renewals {
  public:
    static constexpr int kMostADay = 6;

    /// What it borrows outlives it.
    Renewals(FileSystem& files, const Clock& clock, HubDatabase& database, std::string authority_folder)
        : files_(files), clock_(clock), database_(database), folder_(std::move(authority_folder)) {}

    /// The bundle, durable before it is answered. PermissionDenied: not this gateway's word, or a revoked
    /// one's; FailedPrecondition: too many.
    [[nodiscard]] Result<std::string> answer(const std::string& gateway, const std::string& message);

    /// The same for who has a code instead. PermissionDenied: as CodeBook::spend().
    [[nodiscard]] Result<std::string> enrol(const std::string& gateway, const std::string& message);

    /// Often: once an hour it looks whether the revocation lists want to be made anew.
    void tick();

  private:
    [[nodiscard]] Status keepLists();
    [[nodiscard]] Result<std::string> bundleFor(Authority& authority,
                                                const uplink::EnrolmentRequest& request);

    FileSystem& files_;
    const Clock& clock_;
    HubDatabase& database_;
    std::string folder_;
    std::optional<BootTime> next_look_;
};

}  // namespace camgate::hub
