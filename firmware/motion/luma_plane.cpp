#include "motion/luma_plane.hpp"

#include <string>

namespace camgate::motion {

Result<LumaPlane> LumaPlane::of(std::span<const std::uint8_t> bytes, int width_px, int height_px,
                                std::size_t stride_bytes) {
    const std::string what = "luma plane " + std::to_string(width_px) + "x" + std::to_string(height_px);
    if (width_px < kMinSide_px || width_px > kMaxSide_px || height_px < kMinSide_px ||
        height_px > kMaxSide_px) {
        return fail(ErrorKind::InvalidArgument, what + ": expected sides of 32 to 4096 pixels");
    }
    const auto width = static_cast<std::size_t>(width_px);
    const auto rows_before_last = static_cast<std::size_t>(height_px) - 1;
    if (stride_bytes < width) {
        return fail(ErrorKind::InvalidArgument,
                    what + ": stride " + std::to_string(stride_bytes) + " under width");
    }
    // Compared by division: a stride near the largest size_t must not wrap around.
    if (bytes.size() < width || (bytes.size() - width) / rows_before_last < stride_bytes) {
        return fail(ErrorKind::InvalidArgument, what + ": only " + std::to_string(bytes.size()) + " bytes");
    }
    return LumaPlane(bytes.data(), width_px, height_px, stride_bytes);
}

}  // namespace camgate::motion
