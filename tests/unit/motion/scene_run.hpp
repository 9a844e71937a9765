// Shows a synthetic yard to a detector, frame by frame, with room for mischief in between.
#pragma once

#include <algorithm>
#include <catch2/catch.hpp>
#include <cstdint>
#include <functional>
#include <vector>

#include "motion/detector.hpp"
#include "motion/synthetic_scene.hpp"

namespace camgate::motion::test {

using Picture = std::vector<std::uint8_t>;
using Mischief = std::function<void(std::uint64_t index, Picture& luma)>;

inline SyntheticScene scene(const SyntheticSettings& settings) {
    auto made = SyntheticScene::create(settings);
    REQUIRE(made);
    return std::move(*made);
}

inline Detector detector(const DetectorSettings& settings = {}) {
    auto made = Detector::create(settings);
    REQUIRE(made);
    return std::move(*made);
}

inline MotionResult look(Detector& eye, const Picture& luma, int width_px, int height_px, Duration at) {
    const auto plane = LumaPlane::of(luma, width_px, height_px, static_cast<std::size_t>(width_px));
    REQUIRE(plane);
    return eye.process(*plane, BootTime(at));
}

struct Run {
    int walks = 0;
    int found = 0;
    double worst_delay_s = 0;  ///< from the first frame with all of the walker to the first active one
    int false_frames = 0;      ///< active while the yard was empty
    std::vector<MotionResult> results;
};

inline Run run(const SyntheticScene& yard, Detector& eye, std::uint64_t frames,
               const Mischief& mischief = {}) {
    Run outcome;
    const auto& s = yard.settings();
    Picture luma(static_cast<std::size_t>(s.width_px) * static_cast<std::size_t>(s.height_px));
    bool walking = false;
    bool found = false;
    int inside_frames = 0;
    for (std::uint64_t i = 0; i < frames; ++i) {
        REQUIRE(yard.render(i, luma));
        if (mischief) mischief(i, luma);
        auto result = look(eye, luma, s.width_px, s.height_px, std::chrono::seconds(50) + yard.timeOf(i));
        const bool there = yard.truth(i).has_value();
        if (there && !walking) {
            ++outcome.walks;
            found = false;
            inside_frames = 0;
        }
        walking = there;
        if (there && !found) {
            inside_frames += yard.fullyInside(i) ? 1 : 0;
            found = result.active;
            outcome.found += found ? 1 : 0;
            outcome.worst_delay_s =
                std::max(outcome.worst_delay_s, static_cast<double>(inside_frames) / s.fps);
        }
        // The frame after the walker left may still show the last of its track.
        if (!there && result.active) ++outcome.false_frames;
        outcome.results.push_back(std::move(result));
    }
    return outcome;
}

inline void addLight(Picture& luma, int offset) {
    for (auto& pixel : luma) pixel = static_cast<std::uint8_t>(std::clamp(pixel + offset, 0, 255));
}

}  // namespace camgate::motion::test
