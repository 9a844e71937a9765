#include "app/storage_desk.hpp"

#include <nlohmann/json.hpp>
#include <utility>

#include "app/json_text.hpp"
#include "base/wall_text.hpp"
#include "ring/camera_tag.hpp"

namespace camgate::app {
namespace {

using nlohmann::json;

json writeTimesJson(const WriteTimes& times) {
    json buckets = json::array();
    for (std::size_t i = 0; i < times.counts().size(); ++i) {
        json bucket = {{"rounds", times.counts().at(i)}};
        if (i < WriteTimes::kBounds.size()) bucket["up_to_ms"] = WriteTimes::kBounds.at(i).count();
        buckets.push_back(std::move(bucket));
    }
    return {{"histogram", buckets},
            {"longest_ms", std::chrono::duration_cast<std::chrono::milliseconds>(times.longest()).count()}};
}

json writesJson(const ring::RingStats& stats, const CardUse& use) {
    json out = {{"bytes", stats.written_bytes},
                {"media_bytes", stats.payload_bytes},
                {"bytes_ever", use.written_ever_bytes},
                {"syncs", stats.syncs},
                {"failed", stats.failed_writes},
                {"measured_s", std::chrono::duration_cast<std::chrono::seconds>(use.measured).count()}};
    if (const auto rate = writeRate(use)) out["bytes_per_s"] = *rate;
    return out;
}

json poolJson(const std::vector<PoolShare>& shares) {
    json cameras = json::array();
    for (const PoolShare& share : shares) {
        json row = {
            {"camera", share.camera}, {"share_bytes", share.share_bytes}, {"held_bytes", share.held_bytes}};
        if (share.bytes_per_s) row["bytes_per_s"] = *share.bytes_per_s;
        if (const auto cover = share.stallCover())
            row["stall_cover_s"] = std::chrono::duration<double>(*cover).count();
        cameras.push_back(std::move(row));
    }
    json out = {{"cameras", cameras}};
    if (const auto cover = leastStallCover(shares))
        out["stall_cover_s"] = std::chrono::duration<double>(*cover).count();
    return out;
}

}  // namespace

/// How far back a stream's footage goes.
struct StorageDesk::Reached {
    std::string camera;
    media::StreamKind stream;
    ring::TimeSpan span;
};

void StorageDesk::status(Answer answer) {
    if (ring_ == nullptr) return answer(statusJson({}));
    std::vector<std::string> cameras;
    for (const auto& camera : parts_.configuration.cameras) cameras.push_back(camera.id);
    // The desk may be gone when the storage thread comes to it.
    const auto work = [this, ring = ring_, gateway = parts_.configuration.gateway, cameras, answer,
                       &loop = parts_.loop, alive = alive_] {
        std::vector<Reached> reached;
        for (const std::string& camera : cameras) {
            for (const auto stream : {media::StreamKind::Main, media::StreamKind::Sub}) {
                const auto span = ring->coverage(ring::cameraTag(gateway, camera), stream);
                if (span) reached.push_back({camera, stream, *span});
            }
        }
        loop.post([this, reached = std::move(reached), answer, alive] {
            if (*alive) answer(statusJson(reached));
        });
    };
    if (!parts_.recorder.thread().tryPost(work)) answer(fail(ErrorKind::Unavailable, "the card is too busy"));
}

CardUse StorageDesk::cardUse() const {
    CardUse use;
    use.rated_tbw_tb = parts_.board.card.rated_tbw_tb;
    if (const auto& stats = parts_.recorder.stats()) {
        use.written_bytes = stats->written_bytes;
        use.written_ever_bytes = stats->written_ever_bytes;
        use.measured = parts_.loop.clock().bootNow() - parts_.recorder.openedAt();
    }
    return use;
}

std::string StorageDesk::statusJson(const std::vector<Reached>& reached) const {
    const Recorder& recorder = parts_.recorder;
    json out = {{"state", toString(recorder.state())},
                {"detail", recorder.detail()},
                {"path", parts_.ring_path},
                {"sealed", recorder.sealed()},
                {"media_pool", poolJson(recorder.poolShares())},
                {"write_times", writeTimesJson(recorder.writeTimes())}};
    if (const auto& stats = recorder.stats()) {
        out["ring_bytes"] = stats->size_bytes;
        out["extents"] = stats->extents;
        out["extents_used"] = stats->extents_used;
        out["extents_pinned"] = stats->extents_pinned;
        out["writes"] = writesJson(*stats, cardUse());
    }
    if (const auto days = daysOfLife(cardUse())) out["life"]["days"] = *days;
    if (parts_.board.card.rated_tbw_tb > 0) out["life"]["rated_tbw_tb"] = parts_.board.card.rated_tbw_tb;
    if (const auto used = emmcLifeUsed(parts_.files, parts_.ring_path))
        out["life"]["emmc_used_percent"] = *used;
    out["retention"] = json::array();
    for (const Reached& each : reached) {
        const auto hours = std::chrono::duration<double, std::ratio<3600>>(each.span.to - each.span.from);
        out["retention"].push_back({{"camera", each.camera},
                                    {"stream", media::toString(each.stream)},
                                    {"from", formatWallTime(each.span.from)},
                                    {"to", formatWallTime(each.span.to)},
                                    {"hours", hours.count()}});
    }
    return jsonText(out);
}

}  // namespace camgate::app
