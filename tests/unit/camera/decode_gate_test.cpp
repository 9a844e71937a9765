#include "camera/decode_gate.hpp"

#include <catch2/catch.hpp>
#include <utility>

using namespace camgate;
using namespace camgate::camera;
using namespace std::chrono_literals;

namespace {

/// 15 frames a second, a keyframe every `group`; what is not decoded is held as the decoder would hold it.
class Gated {
  public:
    explicit Gated(int group) : group_(group) {}

    void run(int frames, std::size_t delta_bytes = 500) {
        for (int i = 0; i < frames; ++i) one(delta_bytes);
    }
    GateVerdict one(std::size_t delta_bytes) {
        const bool keyframe = count_ % group_ == 0;
        now_ += Duration(1s) / 15;
        // Sizes of a still scene differ a little.
        const std::size_t bytes = keyframe ? 20'000 : delta_bytes + static_cast<std::size_t>(count_ % 7) * 10;
        const GateVerdict verdict = gate_.onUnit({now_, bytes, keyframe});
        ++count_;
        if (verdict == GateVerdict::Hold) {
            ++held_;
            longest_hold_ = std::max(longest_hold_, ++run_);
            return verdict;
        }
        decoded_ += verdict == GateVerdict::DecodeHeld ? run_ + 1 : 1;
        run_ = 0;
        return verdict;
    }
    DecodeGate& gate() { return gate_; }
    BootTime now() const { return now_; }
    int takeDecoded() { return std::exchange(decoded_, 0); }
    int longestHold() const { return longest_hold_; }
    /// Up to just behind the next keyframe.
    void toKeyframe() {
        while (count_ % group_ != 1) one(500);
    }

  private:
    DecodeGate gate_;
    int group_;
    BootTime now_{100s};
    int count_ = 0, held_ = 0, run_ = 0, decoded_ = 0, longest_hold_ = 0;
};

constexpr int kCalm_frames = 15 * 30;  // at least six groups

}  // namespace

TEST_CASE("decode gate: nothing is held before it is known what calm looks like", "[camera]") {
    Gated camera(15);
    camera.run(30);
    CHECK(camera.takeDecoded() == 30);
}

TEST_CASE("decode gate: of a still scene only keyframes are decoded", "[camera]") {
    Gated camera(15);
    camera.run(kCalm_frames);
    camera.toKeyframe();
    camera.takeDecoded();
    camera.run(15 * 20);
    CHECK(camera.takeDecoded() == 20);
}

TEST_CASE("decode gate: where calm units are as large as what may come, nothing is held", "[camera]") {
    Gated camera(15);
    camera.run(kCalm_frames, 4000);
    camera.takeDecoded();
    camera.run(15 * 20, 4000);
    CHECK(camera.takeDecoded() == 15 * 20);
}

TEST_CASE("decode gate: decoding is never put off by more than a second", "[camera]") {
    Gated camera(15 * 4);
    camera.run(kCalm_frames);
    camera.toKeyframe();
    camera.takeDecoded();
    camera.run(15 * 4 * 5);
    CHECK(camera.longestHold() <= 15);
    // A group of 4 s: its keyframe, and all but the last second, which the next keyframe overtakes.
    CHECK(camera.takeDecoded() >= 5 * 3 * 15);
}

TEST_CASE("decode gate: what stirs wakes it at once, from the group's keyframe on", "[camera]") {
    Gated camera(15);
    camera.run(kCalm_frames);
    camera.toKeyframe();
    camera.run(6);
    REQUIRE(camera.gate().still());
    camera.takeDecoded();
    CHECK(camera.one(1500) == GateVerdict::DecodeHeld);
    CHECK(camera.takeDecoded() == 7);
    CHECK_FALSE(camera.gate().still());
    camera.run(30);
    CHECK(camera.takeDecoded() == 30);
}

TEST_CASE("decode gate: the detector wakes it too, and motion that sizes did not tell ends their trust",
          "[camera]") {
    Gated camera(15);
    camera.run(kCalm_frames);
    camera.toKeyframe();
    REQUIRE(camera.gate().still());
    camera.gate().onLooked(camera.now(), true, true);
    CHECK_FALSE(camera.gate().still());
    camera.takeDecoded();
    camera.run(15 * 60 * 9);
    CHECK(camera.takeDecoded() == 15 * 60 * 9);
    camera.run(15 * 60 * 2);
    CHECK(camera.takeDecoded() < 15 * 60 * 2);
}
