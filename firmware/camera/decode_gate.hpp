// Decides which access units of a still scene are decoded at all: the keyframes, and what stirs. A person who
// comes into the picture makes the units larger, long before a keyframe shows it; then all that was held back
// is decoded, so that the detector misses no frame of it. Sizes may only wake: what they do not tell is
// looked at a second later. Where calm units are large or restless, sizes tell nothing and the scene never
// rests; where motion was once seen that they did not tell, they are not believed for a while. Pure; one
// thread. Rules and figures: docs/design/camera.md (Cheap decoding).
#pragma once

#include <array>
#include <cstddef>
#include <optional>

#include "base/clock.hpp"

namespace camgate::camera {

enum class GateVerdict {
    Decode,      ///< this one; what is held is outdated
    Hold,        ///< keep it
    DecodeHeld,  ///< what is held, in its order, then this one
};

struct GateUnit {
    BootTime time;
    std::size_t bytes = 0;
    bool keyframe = false;
};

class DecodeGate {
  public:
    static constexpr Duration kLongestHold = std::chrono::seconds(1);
    static constexpr Duration kCalm = std::chrono::seconds(3);
    static constexpr Duration kDistrust = std::chrono::minutes(10);

    GateVerdict onUnit(const GateUnit& unit);
    /// What the detector made of a picture: `stirring`, something that may become motion; `motion`, it is.
    void onLooked(BootTime time, bool stirring, bool motion);
    bool still() const { return still_; }

  private:
    /// How large the units at one place in a group are when the scene is calm: encoders ring behind
    /// keyframes.
    struct Level {
        double mean_bytes = 0;
        double spread_bytes = 0;
        int learnt = 0;
    };
    /// Places behind the last one share a level.
    static constexpr std::size_t kPlaces = 128;

    static double wakingBytes(const Level& level);
    bool stirs(const GateUnit& unit) const;
    bool sizesTell() const;
    void onStir(BootTime time);
    void learn(const GateUnit& unit);
    bool mayRest(BootTime now) const;

    std::array<Level, kPlaces> levels_{};
    std::size_t place_ = 0;  // of the unit in its group
    std::size_t keyframe_bytes_ = 0;
    int calm_groups_ = 0;  // since the last stir
    bool still_ = false;
    std::optional<BootTime> last_decoded_;
    BootTime last_stir_;
    std::optional<BootTime> distrust_until_;
};

}  // namespace camgate::camera
