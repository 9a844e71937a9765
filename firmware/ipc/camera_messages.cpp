#include "ipc/camera_messages.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <iterator>

#include "ipc/codec.hpp"

namespace camgate::ipc {
namespace {

constexpr std::size_t kAccessUnitHeader_bytes = 64;

/// An enumerator below `count`; anything else marks the message bad.
template <class E>
E getEnum(ByteReader& in, E count) {
    const auto raw = in.get<std::uint8_t>();
    if (raw < static_cast<std::uint8_t>(count)) return static_cast<E>(raw);
    in.markBad();
    return E{};
}

float getPart(ByteReader& in) {
    const float value = in.getFloat();
    if (std::isfinite(value) && value >= -0.001F && value <= 1.001F) return std::clamp(value, 0.0F, 1.0F);
    in.markBad();
    return 0;
}

std::int64_t nanoseconds(BootTime time) {
    return time.time_since_epoch().count();
}

BootTime getBootTime(ByteReader& in) {
    return BootTime(Duration(in.get<std::int64_t>()));
}

media::StreamKind getStream(ByteReader& in) {
    const auto stream = media::streamFromNumber(in.get<std::uint8_t>());
    if (!stream) in.markBad();
    return stream.value_or(media::StreamKind::Main);
}

void putDetector(ByteWriter& out, const motion::DetectorSettings& detector) {
    out.put(detector.sensitivity_percent);
    out.putFloat(detector.min_height);
    out.put(static_cast<std::uint8_t>(detector.zones.size()));
    for (const auto& zone : detector.zones) {
        out.putSized(zone.name);
        out.put(static_cast<std::uint8_t>(zone.kind));
        out.put(static_cast<std::uint8_t>(zone.crossing));
        out.put(zone.sensitivity_percent);
        out.putFloat(zone.min_height);
        out.put(static_cast<std::uint8_t>(zone.polygon.size()));
        for (const auto& corner : zone.polygon) {
            out.putFloat(corner.x);
            out.putFloat(corner.y);
        }
    }
}

motion::Zone getZone(ByteReader& in) {
    motion::Zone zone;
    zone.name = in.getText(kMaxText_bytes);
    zone.kind = getEnum(in, static_cast<motion::ZoneKind>(3));
    zone.crossing = getEnum(in, static_cast<motion::Crossing>(3));
    zone.sensitivity_percent = in.get<std::uint8_t>();
    zone.min_height = getPart(in);
    const std::size_t corners = in.get<std::uint8_t>();
    if (corners > motion::kMaxCorners) in.markBad();
    for (std::size_t i = 0; in.ok() && i < corners; ++i) {
        const float x = getPart(in);
        zone.polygon.push_back({x, getPart(in)});
    }
    return zone;
}

motion::DetectorSettings getDetector(ByteReader& in) {
    motion::DetectorSettings detector;
    detector.sensitivity_percent = in.get<std::uint8_t>();
    detector.min_height = getPart(in);
    const std::size_t zones = in.get<std::uint8_t>();
    if (zones > motion::kMaxZones) in.markBad();
    for (std::size_t i = 0; in.ok() && i < zones; ++i) detector.zones.push_back(getZone(in));
    return detector;
}

motion::Blob getBlob(ByteReader& in) {
    motion::Blob blob;
    blob.box.x = getPart(in);
    blob.box.y = getPart(in);
    blob.box.w = getPart(in);
    blob.box.h = getPart(in);
    blob.confidence = getPart(in);
    blob.track = in.get<std::uint32_t>();
    blob.confirmed = getBool(in);
    blob.zones_touched = in.get<std::uint16_t>();
    return blob;
}

constexpr std::array<std::string_view, static_cast<std::size_t>(CameraState::Count)> kCameraStateNames{
    "ok",    "connecting", "no-link", "auth-failed", "no-frames", "no-keyframes", "frozen",
    "black", "covered",    "moved",   "unsupported", "blurred",   "overexposed"};

constexpr std::array kFromCamera{
    limitOf(CameraMessage::Hello, 64),
    limitOf(CameraMessage::StreamConfig, media::kMaxDecoderConfig_bytes + 64),
    limitOf(CameraMessage::AccessUnit, media::kMaxAccessUnit_bytes + kAccessUnitHeader_bytes),
    limitOf(CameraMessage::Motion, 4096),
    limitOf(CameraMessage::Report, 1024),
    limitOf(CameraMessage::Snapshot, kMaxSnapshot_bytes + 1024),
};
constexpr std::array kToCamera{
    limitOf(CameraMessage::Settings, 64U << 10U),
    limitOf(CameraMessage::SnapshotRequest, 64),
    limitOf(CameraMessage::ActiveZones, 64),
};

}  // namespace

std::string_view toString(CameraState state) {
    return kCameraStateNames.at(static_cast<std::size_t>(state));
}

std::size_t longestFromCamera(std::uint16_t type) {
    return longestOf(kFromCamera, type);
}

std::size_t longestToCamera(std::uint16_t type) {
    return longestOf(kToCamera, type);
}

Bytes encode(const CameraSettings& settings) {
    ByteWriter out;
    out.putSized(settings.camera);
    out.putSized(settings.main_url);
    out.putSized(settings.sub_url);
    out.putSized(settings.user);
    out.putSized(settings.password);
    out.put(static_cast<std::uint8_t>(settings.transport));
    putBool(out, settings.detect_motion);
    out.put(settings.analysis_fps);
    putBool(out, settings.decode_gate);
    putDetector(out, settings.detector);
    return std::move(out).take();
}

Result<CameraSettings> decodeCameraSettings(ByteView payload) {
    ByteReader in(payload);
    CameraSettings settings;
    settings.camera = in.getText(kMaxText_bytes);
    settings.main_url = in.getText(kMaxText_bytes);
    settings.sub_url = in.getText(kMaxText_bytes);
    settings.user = in.getText(kMaxText_bytes);
    settings.password = in.getText(kMaxText_bytes);
    settings.transport = getEnum(in, static_cast<RtspTransport>(2));
    settings.detect_motion = getBool(in);
    settings.analysis_fps = in.get<std::uint8_t>();
    settings.decode_gate = getBool(in);
    settings.detector = getDetector(in);
    return finish(in, std::move(settings), "camera settings");
}

Bytes encode(const WorkerHello& hello) {
    ByteWriter out;
    out.put(hello.protocol);
    out.put(hello.pid);
    return std::move(out).take();
}

Result<WorkerHello> decodeHello(ByteView payload) {
    ByteReader in(payload);
    WorkerHello hello;
    hello.protocol = in.get<std::uint16_t>();
    hello.pid = in.get<std::uint32_t>();
    return finish(in, hello, "hello");
}

Bytes encode(const StreamConfig& config) {
    ByteWriter out;
    out.put(static_cast<std::uint8_t>(config.stream));
    out.put(static_cast<std::uint8_t>(config.config.codec));
    out.put(config.config.width_px);
    out.put(config.config.height_px);
    out.putSized(config.config.box);
    return std::move(out).take();
}

Result<StreamConfig> decodeStreamConfig(ByteView payload) {
    ByteReader in(payload);
    StreamConfig config;
    config.stream = getStream(in);
    const auto codec = media::codecFromNumber(in.get<std::uint8_t>());
    if (!codec) in.markBad();
    config.config.codec = codec.value_or(media::Codec::H264);
    config.config.width_px = in.get<std::uint16_t>();
    config.config.height_px = in.get<std::uint16_t>();
    const bool plausible =
        config.config.width_px >= 16 && config.config.width_px <= media::kMaxDimension_px &&
        config.config.height_px >= 16 && config.config.height_px <= media::kMaxDimension_px;
    if (!plausible) in.markBad();
    const ByteView box = in.getSized(media::kMaxDecoderConfig_bytes);
    config.config.box.assign(box.begin(), box.end());
    return finish(in, std::move(config), "stream configuration");
}

Bytes encode(const media::AccessUnit& unit) {
    ByteWriter out;
    out.put(static_cast<std::uint8_t>(unit.stream));
    out.put(static_cast<std::uint8_t>(unit.random_access));
    out.put(unit.flags);
    out.put(unit.config_id);
    out.put(nanoseconds(unit.decode_time));
    out.put(nanoseconds(unit.presentation_time));
    out.putSized(unit.bytes);
    return std::move(out).take();
}

Result<media::AccessUnit> decodeAccessUnit(ByteView payload) {
    ByteReader in(payload);
    media::AccessUnit unit;
    unit.stream = getStream(in);
    unit.random_access = getEnum(in, static_cast<media::RandomAccess>(4));
    unit.flags = in.get<std::uint8_t>();
    unit.config_id = in.get<std::uint64_t>();
    unit.decode_time = getBootTime(in);
    unit.presentation_time = getBootTime(in);
    const ByteView bytes = in.getSized(media::kMaxAccessUnit_bytes);
    if (bytes.empty() || unit.presentation_time < unit.decode_time) in.markBad();
    unit.bytes.assign(bytes.begin(), bytes.end());
    return finish(in, std::move(unit), "access unit");
}

Bytes encode(const motion::MotionResult& result) {
    ByteWriter out;
    out.put(nanoseconds(result.captured_at));
    out.put(static_cast<std::uint8_t>(result.state));
    out.put(static_cast<std::uint8_t>(result.scene));
    putBool(out, result.active);
    out.put(static_cast<std::uint8_t>(result.blobs.size()));
    for (const auto& blob : result.blobs) {
        for (const float part : {blob.box.x, blob.box.y, blob.box.w, blob.box.h, blob.confidence})
            out.putFloat(part);
        out.put(blob.track);
        putBool(out, blob.confirmed);
        out.put(blob.zones_touched);
    }
    for (const auto count : result.rejected) out.put(count);
    return std::move(out).take();
}

Result<motion::MotionResult> decodeMotion(ByteView payload) {
    ByteReader in(payload);
    motion::MotionResult result;
    result.captured_at = getBootTime(in);
    result.state = getEnum(in, static_cast<motion::GlobalState>(2));
    result.scene = getEnum(in, motion::SceneState::Count);
    result.active = getBool(in);
    const std::size_t blobs = in.get<std::uint8_t>();
    if (blobs > motion::kMaxBlobs) in.markBad();
    for (std::size_t i = 0; in.ok() && i < blobs; ++i) result.blobs.push_back(getBlob(in));
    for (auto& count : result.rejected) count = in.get<std::uint16_t>();
    return finish(in, std::move(result), "motion result");
}

Bytes encode(const CameraReport& report) {
    ByteWriter out;
    out.put(static_cast<std::uint8_t>(report.state));
    out.putSized(std::string_view(report.detail).substr(0, kMaxDetail_bytes));
    for (const auto counter :
         {report.bytes, report.frames, report.keyframes, report.sub_frames, report.analysed_frames,
          report.mended_times, report.bad_units, report.dropped_units}) {
        out.put(counter);
    }
    return std::move(out).take();
}

Result<CameraReport> decodeCameraReport(ByteView payload) {
    ByteReader in(payload);
    CameraReport report;
    report.state = getEnum(in, CameraState::Count);
    report.detail = in.getText(kMaxDetail_bytes);
    for (auto* counter :
         {&report.bytes, &report.frames, &report.keyframes, &report.sub_frames, &report.analysed_frames,
          &report.mended_times, &report.bad_units, &report.dropped_units}) {
        *counter = in.get<std::uint64_t>();
    }
    return finish(in, std::move(report), "camera report");
}

Bytes encode(const SnapshotRequest& request) {
    ByteWriter out;
    out.put(request.id);
    out.put(request.max_width_px);
    return std::move(out).take();
}

Result<SnapshotRequest> decodeSnapshotRequest(ByteView payload) {
    ByteReader in(payload);
    SnapshotRequest request;
    request.id = in.get<std::uint32_t>();
    request.max_width_px = in.get<std::uint16_t>();
    return finish(in, request, "snapshot request");
}

Bytes encode(const ActiveZones& active) {
    ByteWriter out;
    out.put(active.zones);
    return std::move(out).take();
}

Result<ActiveZones> decodeActiveZones(ByteView payload) {
    ByteReader in(payload);
    ActiveZones active;
    active.zones = in.get<std::uint16_t>();
    return finish(in, active, "active zones");
}

Bytes encode(const Snapshot& snapshot) {
    ByteWriter out;
    out.put(snapshot.id);
    out.putSized(std::string_view(snapshot.error).substr(0, kMaxDetail_bytes));
    out.put(nanoseconds(snapshot.captured_at));
    out.putSized(snapshot.jpeg);
    return std::move(out).take();
}

Result<Snapshot> decodeSnapshot(ByteView payload) {
    ByteReader in(payload);
    Snapshot snapshot;
    snapshot.id = in.get<std::uint32_t>();
    snapshot.error = in.getText(kMaxDetail_bytes);
    snapshot.captured_at = getBootTime(in);
    const ByteView jpeg = in.getSized(kMaxSnapshot_bytes);
    snapshot.jpeg.assign(jpeg.begin(), jpeg.end());
    return finish(in, std::move(snapshot), "snapshot");
}

}  // namespace camgate::ipc
