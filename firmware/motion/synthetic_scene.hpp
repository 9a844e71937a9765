// A yard with exact truth: textured ground, a wall, noise that is new in each frame; empty for a while, then
// somebody walks across, and so on for ever. Any frame can be rendered in any order; the same settings give
// the same pictures. What the `test:` camera source, the camera simulator and the tests show. One thread.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "base/result.hpp"
#include "motion/motion_result.hpp"
#include "motion/walker.hpp"

namespace camgate::motion {

struct SyntheticSettings {
    int width_px = 640;
    int height_px = 360;
    int fps = 15;
    std::uint32_t seed = 1;
    std::chrono::milliseconds empty{20'000};  ///< before each walk
    std::chrono::milliseconds walk{6'000};    ///< from outside one side to outside the other
    float walker_height = 0.3F;               ///< parts of the picture height
    int contrast = 60;         ///< grey levels; some walkers are brighter than the ground, some darker
    float noise_sigma = 2.0F;  ///< grey levels
};

class SyntheticScene {
  public:
    /// InvalidArgument: sides outside 32..4096, 1..60 fps, an empty or walking time outside 0 (walk: 1 s) to
    /// one hour, a height outside 0.02..0.9, a contrast outside 0..120, a sigma outside 0..20.
    [[nodiscard]] static Result<SyntheticScene> create(const SyntheticSettings& settings);

    /// Draws frame `index` (from 0) into width * height bytes; InvalidArgument if the span has another size.
    [[nodiscard]] Status render(std::uint64_t index, std::span<std::uint8_t> luma) const;
    /// The visible part of the walker, nothing while the yard is empty.
    std::optional<Box> truth(std::uint64_t index) const;
    /// All of the walker is in the picture.
    bool fullyInside(std::uint64_t index) const;
    /// The media time of a frame.
    Duration timeOf(std::uint64_t index) const;
    const SyntheticSettings& settings() const { return settings_; }

  private:
    explicit SyntheticScene(const SyntheticSettings& settings);
    std::optional<Walker> walkerAt(std::uint64_t index) const;

    SyntheticSettings settings_;
    std::vector<std::uint8_t> ground_;
    std::vector<std::int8_t> noise_;
};

}  // namespace camgate::motion
