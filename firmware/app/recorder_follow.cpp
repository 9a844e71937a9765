#include <algorithm>
#include <utility>

#include "app/recorder.hpp"
#include "ring/camera_tag.hpp"

namespace camgate::app {
namespace {

std::int64_t totalKbps(const std::vector<RecordedCamera>& cameras) {
    std::int64_t total = 0;
    for (const auto& camera : cameras) total += camera.bitrate_kbps;
    return total;
}

}  // namespace

void Recorder::follow(const std::vector<RecordedCamera>& cameras) {
    std::vector<std::unique_ptr<CameraSink>> before = std::exchange(sinks_, {});
    for (const RecordedCamera& camera : cameras) {
        const std::size_t share = shareOf(options_.media_pool_bytes, camera.bitrate_kbps, totalKbps(cameras));
        const auto same = std::ranges::find_if(
            before, [&camera](const auto& sink) { return sink && sink->recorded() == camera; });
        if (same == before.end()) {
            sinks_.push_back(std::make_unique<CameraSink>(
                batcher_, camera, ring::cameraTag(options_.ring.gateway, camera.id), share));
        } else {
            sinks_.push_back(std::move(*same));
            sinks_.back()->setShare(share);
        }
    }
    for (const auto& sink : before) {
        if (sink && sink->attached()) sink->detach();
    }
}

bool Recorder::joining() const {
    return std::ranges::any_of(sinks_, [](const auto& sink) { return !sink->attached(); });
}

/// A camera may come back before what was left of it is written: that goes first, and then the ring says
/// where its streams go on.
void Recorder::join() {
    writeRound(batcher_.takeAll());
    std::vector<std::uint64_t> tags;
    for (const auto& sink : sinks_) {
        if (!sink->attached()) tags.push_back(sink->tag());
    }
    round_since_ = loop_.clock().bootNow();
    in_flight_ = thread_.tryPost([this, tags, alive = alive_] {
        std::map<std::uint64_t, std::array<std::uint64_t, 2>> next;
        for (const auto tag : tags) {
            next[tag] = {ring_->nextSequence(tag, media::StreamKind::Main),
                         ring_->nextSequence(tag, media::StreamKind::Sub)};
        }
        loop_.post([this, next, alive] {
            if (*alive) onJoined(next);
        });
    });
}

void Recorder::onJoined(const std::map<std::uint64_t, std::array<std::uint64_t, 2>>& next) {
    in_flight_ = false;
    if (!opened_ || retrying_) return;  // another time
    for (const auto& sink : sinks_) {
        const auto found = next.find(sink->tag());
        if (found != next.end() && !sink->attached()) sink->attach(found->second[0], found->second[1]);
    }
}

}  // namespace camgate::app
