// Numbers out of a seed: the same seed gives the same film on every machine (no library distributions, whose
// results are not laid down). Every part of a film throws its own dice, so that one that throws once more
// leaves the others as they were. Pure.
#pragma once

#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>

namespace camgate::test::film {

inline std::uint64_t mixed(std::uint64_t value) {
    value = (value ^ (value >> 30U)) * 0xBF58476D1CE4E5B9ULL;
    value = (value ^ (value >> 27U)) * 0x94D049BB133111EBULL;
    return value ^ (value >> 31U);
}

class Dice {
  public:
    explicit Dice(std::uint64_t seed, std::uint64_t part = 0)
        : state_(mixed(seed + 0x9E3779B97F4A7C15ULL) ^ mixed(part + 0x2545F4914F6CDD1DULL)) {}

    std::uint64_t next() { return mixed(state_ += 0x9E3779B97F4A7C15ULL); }
    float unit() { return static_cast<float>(next() >> 40U) / 16'777'216.0F; }
    float between(float low, float high) { return low + (high - low) * unit(); }
    /// Small and large sizes are equally likely per octave.
    float logBetween(float low, float high) { return low * std::pow(high / low, unit()); }
    /// Both ends included.
    int whole(int low, int high) {
        return low + static_cast<int>(next() % static_cast<std::uint64_t>(high - low + 1));
    }
    bool chance(float probability) { return unit() < probability; }
    float sign() { return (next() & 1U) != 0 ? 1.0F : -1.0F; }
    float normal() {
        float sum = -6.0F;  // twelve uniform numbers have variance 1 together
        for (int i = 0; i < 12; ++i) sum += unit();
        return sum;
    }
    template <typename T, std::size_t N>
    const T& pick(const std::array<T, N>& choices) {
        return choices[static_cast<std::size_t>(next() % N)];
    }

  private:
    std::uint64_t state_;
};

}  // namespace camgate::test::film
