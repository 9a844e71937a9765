#include "camera/stream_lane.hpp"

#include <utility>

#include "ipc/camera_messages.hpp"

namespace camgate::camera {
namespace {

/// Below the channel's own limit: reports and motion always find room.
constexpr std::size_t kMostWaiting_bytes = 6U << 20U;

}  // namespace

void StreamLane::take(media::Codec codec, ReceivedUnit received) {
    if (!assembler_) assembler_.emplace(stream_, codec);
    for (const ReceivedUnit& unit : start_.take(std::move(received))) assemble(unit);
}

void StreamLane::assemble(const ReceivedUnit& received) {
    if (received.dropped_before > 0) gate_.onLostBefore(received.dropped_before);
    const auto assembled = assembler_->assemble({received.annex_b, received.pts, received.arrival,
                                                 received.frames_lost || received.dropped_before > 0});
    if (!assembled || !*assembled) return;  // counted by the assembler
    ++frames_;
    if ((*assembled)->unit.random_access != media::RandomAccess::None) ++keyframes_;
    send(**assembled);
}

void StreamLane::send(const media::AssembledUnit& assembled) {
    if (assembled.new_config) {
        config_ = assembled.new_config;
        config_sent_ = false;
    }
    if (!gate_.admits(assembled.unit)) return;
    const bool room = channel_.waitingBytes() + assembled.unit.bytes.size() <= kMostWaiting_bytes;
    if (!room || !sendConfig() ||
        !channel_.send(std::to_underlying(ipc::CameraMessage::AccessUnit), ipc::encode(assembled.unit))) {
        gate_.onLost();
    }
}

bool StreamLane::sendConfig() {
    if (config_sent_ || !config_) return true;
    config_sent_ = channel_.send(std::to_underlying(ipc::CameraMessage::StreamConfig),
                                 ipc::encode(ipc::StreamConfig{stream_, *config_}));
    return config_sent_;
}

LaneCounters StreamLane::counters() const {
    LaneCounters out{frames_, keyframes_, 0, 0, gate_.dropped()};
    if (!assembler_) return out;
    const media::AssemblerCounters& seen = assembler_->counters();
    out.mended_times = seen.times_mended;
    out.bad_units = seen.corrupt + seen.without_picture + seen.before_parameter_sets;
    return out;
}

}  // namespace camgate::camera
