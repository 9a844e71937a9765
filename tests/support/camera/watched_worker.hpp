// camgated's side of a real camera worker's socket, for tests: keeps what came and whether it was well
// formed. One thread.
#pragma once

#include <sys/socket.h>

#include <catch2/catch.hpp>
#include <map>
#include <optional>

#include "base/epoll_loop.hpp"
#include "ipc/camera_messages.hpp"
#include "ipc/frame_channel.hpp"
#include "ipc/roles.hpp"
#include "support/camera/child_program.hpp"
#include "support/places/places.hpp"

namespace camgate::test {

using namespace std::chrono_literals;
using ipc::CameraMessage;
using ipc::CameraState;
using media::StreamKind;

/// What has come from one stream, checked as it comes.
struct SeenStream {
    std::optional<media::DecoderConfig> config;
    int units = 0;
    int random_access = 0;
    bool config_came_first = true;
    bool times_grow = true;
    BootTime last_decode;

    void take(const media::AccessUnit& unit) {
        ++units;
        if (unit.random_access != media::RandomAccess::None) ++random_access;
        config_came_first = config_came_first && config && config->id() == unit.config_id;
        times_grow =
            times_grow && unit.decode_time > last_decode && unit.presentation_time >= unit.decode_time;
        last_decode = unit.decode_time;
    }
};

/// Plays camgated's side of the socket.
class WatchedWorker {
  public:
    explicit WatchedWorker(const ipc::CameraSettings& settings) : WatchedWorker() { begin(settings); }
    WatchedWorker() {
        int ends[2];
        REQUIRE(::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) == 0);
        program.emplace(
            std::vector<std::string>{places::programFolder() + "/camgate-camera", "--role", "camera"},
            UniqueFd(ends[1]));
        channel.emplace(
            *loop, UniqueFd(ends[0]), ipc::ChannelLimits{ipc::longestFromCamera},
            [this](std::uint16_t type, ByteView payload) { onMessage(type, payload); },
            [this](const Error& why) { closed = why; });
    }
    void begin(const ipc::CameraSettings& settings) { send(CameraMessage::Settings, ipc::encode(settings)); }
    void send(CameraMessage type, const Bytes& payload) {
        channel->send(static_cast<std::uint16_t>(type), payload);
    }
    /// Runs until `done` holds, or for `longest`.
    bool until(Duration longest, const std::function<bool()>& done) {
        const BootTime end = clock.bootNow() + longest;
        while (!done() && clock.bootNow() < end) loop->turn(20ms);
        return done();
    }
    bool untilState(CameraState state, Duration longest) {
        return until(longest, [&] { return report.state == state; });
    }
    std::optional<int> untilEnd(Duration longest) {
        until(longest, [&] { return program->exitStatus().has_value(); });
        return program->exitStatus();
    }
    bool wellFormed() const {
        for (const auto& [kind, stream] : streams) {
            if (!stream.config_came_first || !stream.times_grow) return false;
        }
        return hello && !malformed;
    }

    SystemClock clock;
    std::unique_ptr<EpollLoop> loop = EpollLoop::open(clock).value();
    std::optional<ChildProgram> program;
    std::optional<ipc::FrameChannel> channel;
    std::optional<Error> closed;

    bool hello = false;
    bool malformed = false;
    ipc::CameraReport report;
    int reports = 0;
    Duration longest_silence{0};
    BootTime last_report;
    std::map<StreamKind, SeenStream> streams;
    int motion_results = 0;
    std::optional<motion::MotionResult> first_active;
    std::optional<ipc::Snapshot> snapshot;

  private:
    template <class T>
    bool take(Result<T> decoded, T& into) {
        malformed = malformed || !decoded;
        if (decoded) into = std::move(*decoded);
        return decoded.has_value();
    }
    void onMessage(std::uint16_t type, ByteView payload) {
        ipc::WorkerHello said;
        ipc::StreamConfig config;
        media::AccessUnit unit;
        motion::MotionResult result;
        switch (static_cast<CameraMessage>(type)) {
            case CameraMessage::Hello:
                malformed = malformed || reports > 0;
                hello = take(ipc::decodeHello(payload), said) && said.protocol == ipc::kProtocolVersion;
                break;
            case CameraMessage::StreamConfig:
                if (take(ipc::decodeStreamConfig(payload), config))
                    streams[config.stream].config = config.config;
                break;
            case CameraMessage::AccessUnit:
                if (take(ipc::decodeAccessUnit(payload), unit)) streams[unit.stream].take(unit);
                break;
            case CameraMessage::Motion:
                if (take(ipc::decodeMotion(payload), result)) onMotion(result);
                break;
            case CameraMessage::Report:
                onReport(payload);
                break;
            case CameraMessage::Snapshot:
                snapshot.emplace();
                take(ipc::decodeSnapshot(payload), *snapshot);
                break;
            default:
                malformed = true;
        }
    }
    void onReport(ByteView payload) {
        const BootTime now = clock.bootNow();
        if (reports > 0) longest_silence = std::max(longest_silence, now - last_report);
        last_report = now;
        if (take(ipc::decodeCameraReport(payload), report)) ++reports;
    }
    void onMotion(const motion::MotionResult& result) {
        ++motion_results;
        if (result.active && !first_active) first_active = result;
    }
};

inline ipc::CameraSettings settingsFor(std::string main, std::string sub = {}) {
    ipc::CameraSettings settings;
    settings.camera = "test";
    settings.main_url = std::move(main);
    settings.sub_url = std::move(sub);
    return settings;
}

inline void expectBothStreams(WatchedWorker& worker, media::Codec codec) {
    CHECK(worker.untilState(CameraState::Ok, 15s));
    CHECK(worker.until(15s, [&] {
        return worker.streams[StreamKind::Main].random_access >= 2 &&
               worker.streams[StreamKind::Sub].units >= 20 && worker.motion_results >= 10;
    }));
    CHECK(worker.wellFormed());
    REQUIRE(worker.streams[StreamKind::Main].config);
    REQUIRE(worker.streams[StreamKind::Sub].config);
    CHECK(worker.streams[StreamKind::Main].config->codec == codec);
    CHECK(worker.streams[StreamKind::Main].config->width_px == 1280);
    CHECK(worker.streams[StreamKind::Sub].config->width_px == 640);
    CHECK(worker.report.bad_units == 0);
    CHECK(worker.report.dropped_units == 0);
}

}  // namespace camgate::test
