// One stream's way from the parser to camgated: access units are assembled, their times mended, and sent,
// each new decoder configuration before the first unit that needs it. What camgated does not take in time is
// dropped up to the next point where a decoder can start, and counted. Loop thread.
#pragma once

#include <optional>

#include "camera/start_hold.hpp"
#include "camera/unit_gate.hpp"
#include "camera/unit_queue.hpp"
#include "ipc/frame_channel.hpp"
#include "media/access_unit_assembler.hpp"

namespace camgate::camera {

struct LaneCounters {
    std::uint64_t frames = 0;
    std::uint64_t keyframes = 0;
    std::uint64_t mended_times = 0;
    std::uint64_t bad_units = 0;
    std::uint64_t dropped_units = 0;
};

class StreamLane {
  public:
    StreamLane(media::StreamKind stream, ipc::FrameChannel& channel) : stream_(stream), channel_(channel) {}

    void take(media::Codec codec, ReceivedUnit received);
    LaneCounters counters() const;

  private:
    void assemble(const ReceivedUnit& received);
    void send(const media::AssembledUnit& assembled);
    bool sendConfig();

    media::StreamKind stream_;
    ipc::FrameChannel& channel_;
    StartHold start_;
    std::optional<media::AccessUnitAssembler> assembler_;
    std::optional<media::DecoderConfig> config_;
    bool config_sent_ = false;
    UnitGate gate_;
    std::uint64_t frames_ = 0;
    std::uint64_t keyframes_ = 0;
};

}  // namespace camgate::camera
