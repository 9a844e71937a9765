// What camgated and a camera worker say to each other. Decoders check every length, number and limit and
// answer Corruption: the sender is then ended. Implements docs/ref/ipc.md. Any thread.
#pragma once

#include <cstdint>
#include <string>

#include "base/bytes.hpp"
#include "media/access_unit.hpp"
#include "motion/motion_result.hpp"

namespace camgate::ipc {

enum class CameraMessage : std::uint16_t {
    // to the worker
    Settings = 1,
    SnapshotRequest = 2,
    ActiveZones = 3,
    // from the worker
    Hello = 16,
    StreamConfig = 17,
    AccessUnit = 18,
    Motion = 19,
    Report = 20,  // at least once a second: it is the heartbeat
    Snapshot = 21,
};

enum class CameraState : std::uint8_t {
    Ok,
    Connecting,
    NoLink,
    AuthFailed,
    NoFrames,
    NoKeyframes,
    Frozen,
    Black,
    Covered,
    Moved,
    Unsupported,
    Blurred,
    Overexposed,
    Count
};
/// "ok", "connecting", "no-link", "auth-failed", ...
std::string_view toString(CameraState state);

enum class RtspTransport : std::uint8_t { Tcp = 0, Udp = 1 };

struct CameraSettings {
    std::string camera;  ///< id, for the worker's log
    std::string main_url;
    std::string sub_url;  ///< empty: the main stream is analysed
    std::string user;
    std::string password;
    RtspTransport transport = RtspTransport::Tcp;
    bool detect_motion = true;
    std::uint8_t analysis_fps = 10;
    bool decode_gate = false;
    motion::DetectorSettings detector;
};

struct WorkerHello {
    std::uint16_t protocol = 0;
    std::uint32_t pid = 0;
};

struct StreamConfig {
    media::StreamKind stream = media::StreamKind::Main;
    media::DecoderConfig config;
};

/// Counters grow from the worker's start; alive means that they advance.
struct CameraReport {
    CameraState state = CameraState::Connecting;
    std::string detail;  ///< for people, at most 400 bytes, no password
    std::uint64_t bytes = 0;
    std::uint64_t frames = 0;
    std::uint64_t keyframes = 0;
    std::uint64_t sub_frames = 0;
    std::uint64_t analysed_frames = 0;
    std::uint64_t mended_times = 0;
    std::uint64_t bad_units = 0;      ///< access units that could not be read
    std::uint64_t dropped_units = 0;  ///< the daemon did not read in time
};

struct SnapshotRequest {
    std::uint32_t id = 0;
    std::uint16_t max_width_px = 640;
};

/// Which zones count from now on; a worker begins with all.
struct ActiveZones {
    std::uint16_t zones = 0xFFFF;  ///< bit i: the detector's settings.zones[i]
};

struct Snapshot {
    std::uint32_t id = 0;
    std::string error;  ///< empty: jpeg is there
    BootTime captured_at;
    Bytes jpeg;
};

constexpr std::size_t kMaxSnapshot_bytes = 512U << 10U;

/// Longest message that camgated takes from a camera worker, and a worker from camgated.
std::size_t longestFromCamera(std::uint16_t type);
std::size_t longestToCamera(std::uint16_t type);

Bytes encode(const CameraSettings& settings);
Bytes encode(const WorkerHello& hello);
Bytes encode(const StreamConfig& config);
Bytes encode(const media::AccessUnit& unit);
Bytes encode(const motion::MotionResult& result);
Bytes encode(const CameraReport& report);
Bytes encode(const SnapshotRequest& request);
Bytes encode(const ActiveZones& active);
Bytes encode(const Snapshot& snapshot);

[[nodiscard]] Result<CameraSettings> decodeCameraSettings(ByteView payload);
[[nodiscard]] Result<WorkerHello> decodeHello(ByteView payload);
[[nodiscard]] Result<StreamConfig> decodeStreamConfig(ByteView payload);
[[nodiscard]] Result<media::AccessUnit> decodeAccessUnit(ByteView payload);
[[nodiscard]] Result<motion::MotionResult> decodeMotion(ByteView payload);
[[nodiscard]] Result<CameraReport> decodeCameraReport(ByteView payload);
[[nodiscard]] Result<SnapshotRequest> decodeSnapshotRequest(ByteView payload);
[[nodiscard]] Result<ActiveZones> decodeActiveZones(ByteView payload);
[[nodiscard]] Result<Snapshot> decodeSnapshot(ByteView payload);

}  // namespace camgate::ipc
