// When to look away and for how long: at the start, and after a change of most of the picture. The hard end
// keeps the detector from ever being blind for over 2 s, whatever the picture does. Pure.
#pragma once

#include <cstddef>

namespace camgate::motion {

class Settling {
  public:
    /// The first picture: nothing is known yet.
    void begin() {
        state_ = State::Start;
        elapsed_ms_ = 0;
    }

    void step(std::size_t changed_blocks, std::size_t counted_blocks, int dt_ms) {
        elapsed_ms_ += dt_ms;
        ended_ = false;
        const bool most = changed_blocks * 100 > counted_blocks * kChanged_percent;
        const bool calm = changed_blocks * 100 <= counted_blocks * kCalm_percent;
        if (state_ == State::Seeing) {
            if (most && elapsed_ms_ >= kLeastSeeing_ms) enter(State::Change);
            return;
        }
        const int least_ms = state_ == State::Start ? kStart_ms : kLeastChange_ms;
        if ((elapsed_ms_ >= least_ms && calm) || elapsed_ms_ >= kHardEnd_ms) {
            ended_ = !calm;
            enter(State::Seeing);
        }
    }

    bool active() const { return state_ != State::Seeing; }
    /// The background has just been taken from pictures with people in them, perhaps.
    bool young() const { return state_ == State::Seeing && elapsed_ms_ < kYoung_ms; }
    bool byChange() const { return state_ == State::Change; }
    /// Ended just now without having become calm.
    bool justEnded() const { return ended_; }

  private:
    enum class State { Start, Change, Seeing };
    static constexpr std::size_t kChanged_percent = 45;
    static constexpr std::size_t kCalm_percent = 10;
    static constexpr int kStart_ms = 200;
    static constexpr int kLeastChange_ms = 300;
    static constexpr int kHardEnd_ms = 1200;
    static constexpr int kLeastSeeing_ms = 800;
    static constexpr int kYoung_ms = 2000;

    void enter(State state) {
        state_ = state;
        elapsed_ms_ = 0;
    }

    State state_ = State::Start;
    int elapsed_ms_ = 0;
    bool ended_ = false;
};

}  // namespace camgate::motion
