// The gateways' checkpoints: verified, countersigned with the time of their arrival, kept. A row that comes
// again gets the same countersignature. One thread. Implements docs/ref/hub.md (Checkpoints).
#pragma once

#include <optional>
#include <string>

#include "crypto/identity.hpp"
#include "evidence/checkpoint.hpp"
#include "tools/hub/database.hpp"

namespace camgate::hub {

enum class ChainState {
    First,
    Follows,
    BeginsHere,  ///< it follows one that came before this process kept any of its stream
    Broken,
};

struct TakenCheckpoint {
    bool fresh = false;
    ChainState chain = ChainState::First;
    std::string countersignature;  ///< JSON text; empty: this hub has no key for it
};

class CheckpointStore {
  public:
    /// `database` outlives it.
    CheckpointStore(HubDatabase& database, std::optional<crypto::Identity> countersigner)
        : database_(&database), countersigner_(std::move(countersigner)) {}

    /// InvalidArgument, PermissionDenied: nothing that this gateway's evidence key signed for this camera.
    [[nodiscard]] Result<TakenCheckpoint> take(const std::string& gateway, const std::string& camera,
                                               const nlohmann::json& message,
                                               const crypto::Certificate& authority, WallTime now);

  private:
    [[nodiscard]] Result<ChainState> chainOf(const evidence::Checkpoint& checkpoint,
                                             const StoredCheckpoint& as_stored);
    [[nodiscard]] Result<std::string> countersign(const std::string& gateway, const crypto::Digest& digest,
                                                  WallTime received) const;

    HubDatabase* database_;
    std::optional<crypto::Identity> countersigner_;
};

}  // namespace camgate::hub
