// The camera worker: one camera's streams in, access units, motion, snapshots and reports out to camgated.
// Ends itself when the camera has failed; the supervisor starts a new one. Loop thread. Implements
// docs/ref/camera.md.
#pragma once

#include <functional>
#include <memory>
#include <optional>

#include "camera/analyser.hpp"
#include "camera/camera_health.hpp"
#include "camera/picture_decoder.hpp"
#include "camera/snapshotter.hpp"
#include "camera/stream_lane.hpp"
#include "camera/stream_pipeline.hpp"
#include "ipc/camera_messages.hpp"

namespace camgate::camera {

class Worker final : private StreamObserver {
  public:
    /// `on_end` gets the exit status once everything is said.
    Worker(EventLoop& loop, UniqueFd socket, std::function<void(int)> on_end);
    ~Worker() override;

    /// Blocks until the cameras were told goodbye, which a dead one may never hear.
    void letCamerasGo();

  private:
    struct Stream {
        std::unique_ptr<StreamPipeline> pipeline;
        StreamLane lane;
    };

    void onMessage(std::uint16_t type, ByteView payload);
    void onSettings(ByteView payload);
    void onSnapshotRequest(ByteView payload);
    void onActiveZones(ByteView payload);
    void answerSnapshot(ipc::Snapshot snapshot);
    Status startCamera();
    Status startStream(std::optional<Stream>& stream, media::StreamKind kind, const std::string& url);

    void onUnit(media::StreamKind stream, media::Codec codec, ReceivedUnit unit) override;
    void onStreamAnswered(media::StreamKind stream) override;
    void onStreamFailed(media::StreamKind stream, Failure failure) override;

    void checkHealth();
    void checkSubStream();
    void analyseMainInstead(const Failure& why);
    void sendReport();
    std::string detail() const;
    void finish(int status);

    EventLoop& loop_;
    std::function<void(int)> on_end_;
    ipc::FrameChannel channel_;
    std::optional<ipc::CameraSettings> settings_;
    std::optional<CameraHealth> health_;
    std::optional<CameraHealth> sub_health_;  // nothing once the main stream is analysed instead
    std::string sub_failure_;
    std::optional<Analyser> analyser_;
    std::optional<PictureDecoder> decoder_;
    Snapshotter snapshotter_;
    std::optional<Stream> main_, sub_;
    ipc::CameraState told_state_ = ipc::CameraState::Connecting;
    std::string told_detail_;
    std::optional<int> ending_with_;
    LoopHandle health_timer_, report_timer_, end_timer_, end_deadline_;
};

}  // namespace camgate::camera
