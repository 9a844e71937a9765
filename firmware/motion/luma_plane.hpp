// A borrowed view of one picture's luma, as decoders hand it out: rows of `width` samples, `stride` bytes
// apart. Checked once here, so that the loops behind it need no checks. Any thread; the bytes stay the
// caller's.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

#include "base/result.hpp"

namespace camgate::motion {

class LumaPlane {
  public:
    static constexpr int kMinSide_px = 32;
    static constexpr int kMaxSide_px = 4096;

    /// InvalidArgument: a side outside 32..4096, a stride under the width, or too few bytes. The last row
    /// need not be padded to the stride.
    [[nodiscard]] static Result<LumaPlane> of(std::span<const std::uint8_t> bytes, int width_px,
                                              int height_px, std::size_t stride_bytes);

    int width() const { return width_; }
    int height() const { return height_; }
    std::size_t stride() const { return stride_; }
    const std::uint8_t* row(int y) const { return data_ + static_cast<std::size_t>(y) * stride_; }

  private:
    LumaPlane(const std::uint8_t* data, int width, int height, std::size_t stride)
        : data_(data), width_(width), height_(height), stride_(stride) {}

    const std::uint8_t* data_;
    int width_, height_;
    std::size_t stride_;
};

}  // namespace camgate::motion
