// The codec between camgated and a camera worker, both ways: a worker that a hostile stream has taken over is
// a hostile peer.
#include "ipc/camera_messages.hpp"
#include "fuzz/fuzz_target.hpp"

namespace camgate::fuzz {

using namespace ipc;

namespace {

/// What was taken can be said, and what was said is taken.
template <class T, class Decode>
bool saidAndTaken(const Result<T>& decoded, Decode decode) {
    if (!decoded) return false;
    require(decode(encode(*decoded)).has_value(), "what was decoded encodes to something that decodes");
    return true;
}

}  // namespace

bool readHostile(ByteView input) {
    if (input.empty()) return false;
    const ByteView rest = input.subspan(1);
    switch (input[0] % 9) {
        case 0:
            return saidAndTaken(decodeCameraSettings(rest), decodeCameraSettings);
        case 1:
            return saidAndTaken(decodeHello(rest), decodeHello);
        case 2:
            return saidAndTaken(decodeStreamConfig(rest), decodeStreamConfig);
        case 3:
            return saidAndTaken(decodeAccessUnit(rest), decodeAccessUnit);
        case 4:
            return saidAndTaken(decodeMotion(rest), decodeMotion);
        case 5:
            return saidAndTaken(decodeCameraReport(rest), decodeCameraReport);
        case 6:
            return saidAndTaken(decodeSnapshotRequest(rest), decodeSnapshotRequest);
        case 7:
            return saidAndTaken(decodeActiveZones(rest), decodeActiveZones);
        default:
            return saidAndTaken(decodeSnapshot(rest), decodeSnapshot);
    }
}

std::vector<Bytes> seeds() {
    CameraSettings settings;
    settings.camera = "gate";
    settings.main_url = "rtsp://10.0.0.2/main";
    settings.detector.zones = {{.name = "path", .polygon = {{0, 0}, {1, 0}, {0.5F, 1}}}};
    media::AccessUnit unit;
    unit.stream = media::StreamKind::Sub;
    unit.random_access = media::RandomAccess::Idr;
    unit.decode_time = BootTime(std::chrono::seconds(5));
    unit.presentation_time = BootTime(std::chrono::seconds(6));
    unit.bytes = {0, 0, 0, 1, 0x65};
    motion::MotionResult motion;
    motion.active = true;
    motion.blobs = {{{0.1F, 0.2F, 0.3F, 0.4F}, 0.9F, 7, true, 1}};
    return {chosen(0, encode(settings)), chosen(1, encode(WorkerHello{1, 77})), chosen(3, encode(unit)),
            chosen(4, encode(motion)), chosen(7, encode(ActiveZones{0x8001}))};
}

}  // namespace camgate::fuzz
