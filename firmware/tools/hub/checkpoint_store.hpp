// The gateways' checkpoints: verified, countersigned with the time of their arrival, kept in
// `checkpoints.jsonl`. A row that comes again gets the same countersignature. One thread. Implements
// docs/ref/hub.md (Checkpoints).
#pragma once

#include <map>
#include <optional>
#include <string>
#include <tuple>

#include "crypto/identity.hpp"
#include "evidence/checkpoint.hpp"
#include "tools/hub/row_log.hpp"

namespace camgate::hub {

enum class ChainState { First, Follows, Broken };

struct TakenCheckpoint {
    bool fresh = false;
    ChainState chain = ChainState::First;
    std::string countersignature;  ///< JSON text; empty: this hub has no key for it
};

class CheckpointStore {
  public:
    [[nodiscard]] static Result<CheckpointStore> open(FileSystem& files, const std::string& directory,
                                                      std::optional<crypto::Identity> countersigner);

    /// InvalidArgument, PermissionDenied: nothing that this gateway's evidence key signed for this camera.
    [[nodiscard]] Result<TakenCheckpoint> take(const std::string& gateway, const std::string& camera,
                                               const nlohmann::json& message,
                                               const crypto::Certificate& authority, WallTime now);
    [[nodiscard]] Status commit() { return rows_->commit(); }

  private:
    using StreamKey = std::tuple<std::string, std::string, media::StreamKind, std::string>;  // with the ring
    explicit CheckpointStore(std::optional<crypto::Identity> countersigner)
        : countersigner_(std::move(countersigner)) {}
    void note(const evidence::Checkpoint& checkpoint, const crypto::Digest& digest, WallTime received);
    ChainState chainOf(const evidence::Checkpoint& checkpoint) const;
    [[nodiscard]] Result<std::string> countersign(const std::string& gateway, const crypto::Digest& digest,
                                                  WallTime received) const;

    std::optional<crypto::Identity> countersigner_;
    std::optional<RowLog> rows_;
    std::map<crypto::Digest, WallTime> received_;
    std::map<StreamKey, crypto::Digest> newest_;
};

}  // namespace camgate::hub
