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
        case ChainState::BeginsHere:
            return "begins-here";
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

    StoredCheckpoint row{toHex(verified->digest), gateway, camera,
                         std::string(media::toString(checkpoint.stream)), checkpoint.ring};
    const auto known = database_->checkpoint(row.digest);
    if (!known) return std::unexpected(known.error());
    TakenCheckpoint taken;
    taken.fresh = !known->has_value();
    row.received = taken.fresh ? formatWallTime(toMilliseconds(now)) : (*known)->received;
    const auto received = parseWallTime(row.received);
    if (!received) return fail(ErrorKind::Internal, "a checkpoint without a time of arrival");
    auto countersignature = countersign(gateway, verified->digest, *received);
    if (!countersignature) return std::unexpected(countersignature.error());
    taken.countersignature = std::move(*countersignature);
    if (!taken.fresh) return taken;
    const auto chain = chainOf(checkpoint, row);
    if (!chain) return std::unexpected(chain.error());
    taken.chain = *chain;
    row.chain = toString(taken.chain);
    json document{{"gateway", gateway},
                  {"id", id},
                  {"camera", camera},
                  {"received", row.received},
                  {"digest", row.digest},
                  {"chain", row.chain},
                  {"signed", objectField(message, "signed")}};
    if (!taken.countersignature.empty())
        document["countersignature"] = json::parse(taken.countersignature, nullptr, false);
    row.document = toLine(document);
    if (auto added = database_->add(row); !added) return std::unexpected(added.error());
    return taken;
}

Result<ChainState> CheckpointStore::chainOf(const evidence::Checkpoint& checkpoint,
                                            const StoredCheckpoint& as_stored) {
    const auto newest = database_->newestCheckpoint(as_stored);
    if (!newest) return std::unexpected(newest.error());
    if (!*newest) return checkpoint.previous ? ChainState::BeginsHere : ChainState::First;
    const bool follows = checkpoint.previous && toHex(*checkpoint.previous) == **newest;
    return follows ? ChainState::Follows : ChainState::Broken;
}

Result<std::string> CheckpointStore::countersign(const std::string& gateway, const crypto::Digest& digest,
                                                 WallTime received) const {
    if (!countersigner_) return std::string();
    return evidence::signCountersignature(
        {countersigner_->certificate().commonName(), gateway, digest, received}, *countersigner_);
}

}  // namespace camgate::hub
