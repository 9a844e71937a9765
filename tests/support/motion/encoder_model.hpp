// What a cheap encoder leaves of a picture: 8x8 transform blocks with coarse steps, blocks that are skipped
// while they change little, and a key frame that redraws everything at once (the pulse of night streams).
// Stateful, frames in order.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace camgate::test::film {

constexpr std::size_t kTransformSide = 8;
using Block = std::array<std::array<float, kTransformSide>, kTransformSide>;

class EncoderModel {
  public:
    struct Settings {
        float key_step = 12;  ///< grey levels per step of the transform, key frames
        float delta_step = 16;
        int key_interval = 30;  ///< frames
        int skip_level = 2;     ///< mean difference of a 16x16 block under which it stays as it was
    };
    EncoderModel(const Settings& settings, int width_px, int height_px);
    void code(std::vector<std::uint8_t>& luma);

  private:
    void codeBlock(const std::vector<std::uint8_t>& luma, int x, int y, bool key);
    bool skipped(const std::vector<std::uint8_t>& luma, int x, int y) const;
    std::size_t at(int x, int y) const {
        return static_cast<std::size_t>(y) * static_cast<std::size_t>(width_) + static_cast<std::size_t>(x);
    }

    Settings settings_;
    int width_, height_;
    Block key_steps_, delta_steps_;
    int frame_ = 0;
    std::vector<std::uint8_t> shown_;
};

}  // namespace camgate::test::film
