#include "tools/hub/checkpoint_store.hpp"

#include <nlohmann/json.hpp>

#include "base/wall_text.hpp"
#include "evidence/countersignature.hpp"
#include "tools/hub/fields.hpp"
#include "tools/hub/topics.hpp"

namespace camgate::hub {

using nlohmann::json;

namespace {

std::string_view toString(ChainState chain) {
    switch (chain) {
        case ChainState::First:
            return "first";
        case ChainState::Follows:
            return "follows";
        case ChainState::Broken:
            return "broken";
    }
    return {};
}

/// As a signature's time is written and read again: to the millisecond.
WallTime toMilliseconds(WallTime time) {
    return std::chrono::floor<std::chrono::milliseconds>(time);
}

}  // namespace

Result<CheckpointStore> CheckpointStore::open(FileSystem& files, const std::string& directory,
                                              std::optional<crypto::Identity> countersigner) {
    CheckpointStore store(std::move(countersigner));
    auto rows = RowLog::open(files, directory + "/checkpoints.jsonl", [&store](const json& row) {
        const auto checkpoint = evidence::readSignedCheckpoint(toLine(objectField(row, "signed")));
        const auto received = parseWallTime(textField(row, "received"));
        if (checkpoint && received) store.note(*checkpoint, evidence::digestOf(*checkpoint), *received);
    });
    if (!rows) return std::unexpected(rows.error());
    store.rows_ = std::move(*rows);
    return store;
}

Result<TakenCheckpoint> CheckpointStore::take(const std::string& gateway, const std::string& camera,
                                              const json& message, const crypto::Certificate& authority,
                                              WallTime now) {
    const std::string id = textField(message, "id");
    if (!isHexId(id)) return fail(ErrorKind::InvalidArgument, "a checkpoint without an id");
    const std::string text = toLine(objectField(message, "signed"));
    const auto verified = evidence::verifyCheckpoint(text, authority, now);
    if (!verified) return std::unexpected(verified.error());
    const evidence::Checkpoint& checkpoint = verified->checkpoint;
    if (checkpoint.gateway != gateway || checkpoint.camera != camera)
        return fail(ErrorKind::InvalidArgument, "a checkpoint of another gateway or camera");

    TakenCheckpoint taken;
    const auto known = received_.find(verified->digest);
    taken.fresh = known == received_.end();
    const WallTime received = taken.fresh ? toMilliseconds(now) : known->second;
    taken.chain = chainOf(checkpoint);
    auto countersignature = countersign(gateway, verified->digest, received);
    if (!countersignature) return std::unexpected(countersignature.error());
    taken.countersignature = std::move(*countersignature);
    if (!taken.fresh) return taken;
    json row{{"gateway", gateway},
             {"id", id},
             {"camera", camera},
             {"received", formatWallTime(received)},
             {"digest", toHex(verified->digest)},
             {"chain", toString(taken.chain)},
             {"signed", objectField(message, "signed")}};
    if (!taken.countersignature.empty())
        row["countersignature"] = json::parse(taken.countersignature, nullptr, false);
    rows_->add(gateway, id, toLine(row));
    note(checkpoint, verified->digest, received);
    return taken;
}

void CheckpointStore::note(const evidence::Checkpoint& checkpoint, const crypto::Digest& digest,
                           WallTime received) {
    received_[digest] = received;
    newest_[{checkpoint.gateway, checkpoint.camera, checkpoint.stream, checkpoint.ring}] = digest;
}

ChainState CheckpointStore::chainOf(const evidence::Checkpoint& checkpoint) const {
    const auto newest =
        newest_.find({checkpoint.gateway, checkpoint.camera, checkpoint.stream, checkpoint.ring});
    if (newest == newest_.end()) return checkpoint.previous ? ChainState::Broken : ChainState::First;
    return checkpoint.previous == newest->second ? ChainState::Follows : ChainState::Broken;
}

Result<std::string> CheckpointStore::countersign(const std::string& gateway, const crypto::Digest& digest,
                                                 WallTime received) const {
    if (!countersigner_) return std::string();
    return evidence::signCountersignature(
        {countersigner_->certificate().commonName(), gateway, digest, received}, *countersigner_);
}

}  // namespace camgate::hub
