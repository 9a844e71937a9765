#include "app/picture.hpp"

#include <array>
#include <utility>

namespace camgate::app {
namespace {

constexpr std::array<std::uint16_t, 3> kWidths_px{640, 480, 320};

void takeOf(CameraSession& camera, std::size_t limit_bytes, std::size_t width,
            CameraSession::SnapshotAnswer answer) {
    if (width == kWidths_px.size()) {
        return answer(fail(ErrorKind::NoSpace,
                           "the picture does not fit into " + std::to_string(limit_bytes) + " bytes"));
    }
    camera.snapshot(kWidths_px[width],
                    [&camera, limit_bytes, width, answer = std::move(answer)](Result<ipc::Snapshot> taken) {
                        if (taken && taken->jpeg.size() > limit_bytes)
                            return takeOf(camera, limit_bytes, width + 1, answer);
                        answer(std::move(taken));
                    });
}

}  // namespace

void takePicture(CameraSession& camera, std::size_t limit_bytes, CameraSession::SnapshotAnswer answer) {
    takeOf(camera, limit_bytes, 0, std::move(answer));
}

}  // namespace camgate::app
