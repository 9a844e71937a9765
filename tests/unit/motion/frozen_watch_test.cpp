// A stuck sensor is told from a scene in which nothing happens, whatever the encoder behind it does.
#include <catch2/catch.hpp>
#include <functional>
#include <random>

#include "motion/frozen_watch.hpp"

using camgate::motion::FrozenWatch;

namespace {

constexpr std::size_t kBlocks = 400;
constexpr int kWatchedFrame_ms = 100;

/// Seconds until it says frozen; negative: not in `seconds`.
double frozenAfter(FrozenWatch& watch, double seconds,
                   const std::function<void(int, std::vector<std::uint16_t>&)>& frame) {
    std::vector<std::uint16_t> sums(kBlocks, 6400);
    for (int i = 0; i * kWatchedFrame_ms < seconds * 1000; ++i) {
        frame(i, sums);
        watch.step(sums, kWatchedFrame_ms);
        if (watch.frozen()) return i * kWatchedFrame_ms / 1000.0;
    }
    return -1;
}

std::function<void(int, std::vector<std::uint16_t>&)> noise() {
    return [dice = std::mt19937(5)](int, std::vector<std::uint16_t>& sums) mutable {
        for (auto& sum : sums) sum = static_cast<std::uint16_t>(6400 + dice() % 9);
    };
}

}  // namespace

TEST_CASE("frozen: fresh noise is alive, the same noise again and again is not", "[motion][tamper]") {
    FrozenWatch watch(kBlocks);
    CHECK(frozenAfter(watch, 20, noise()) < 0);
    const double after_s = frozenAfter(watch, 20, [](int, std::vector<std::uint16_t>&) {});
    CHECK(after_s > 4);
    CHECK(after_s < 6);
}

TEST_CASE("frozen: keyframes of an encoder behind a stuck sensor do not hide it", "[motion][tamper]") {
    FrozenWatch watch(kBlocks);
    CHECK(frozenAfter(watch, 20, noise()) < 0);
    std::mt19937 dice(7);
    const double after_s = frozenAfter(watch, 20, [&dice](int i, std::vector<std::uint16_t>& sums) {
        for (std::size_t b = 0; i % 30 == 12 && b < sums.size() / 2; ++b)
            sums[b] = static_cast<std::uint16_t>(6400 + dice() % 200);
    });
    CHECK(after_s > 4);
    CHECK(after_s < 10);
}

TEST_CASE("frozen: a still scene that only its keyframes renew is alive", "[motion][tamper]") {
    FrozenWatch watch(kBlocks);
    std::mt19937 dice(7);
    CHECK(frozenAfter(watch, 60, [&dice](int i, std::vector<std::uint16_t>& sums) {
              for (std::size_t b = 0; i % 40 == 0 && b < sums.size(); ++b)
                  sums[b] = static_cast<std::uint16_t>(6400 + dice() % 200);
          }) < 0);
}

TEST_CASE("frozen: keyframes are no fresh noise, however many there were", "[motion][tamper]") {
    FrozenWatch watch(kBlocks);
    std::mt19937 dice(7);
    CHECK(frozenAfter(watch, 120, [&dice](int i, std::vector<std::uint16_t>& sums) {
              for (std::size_t b = 0; i % 14 == 0 && b < sums.size(); ++b)
                  sums[b] = static_cast<std::uint16_t>(6400 + dice() % 200);
          }) < 0);
}

TEST_CASE("frozen: somebody small who walks through a picture without noise is no clock",
          "[motion][tamper]") {
    FrozenWatch watch(kBlocks);
    CHECK(frozenAfter(watch, 60, [](int i, std::vector<std::uint16_t>& sums) {
              std::fill(sums.begin(), sums.end(), std::uint16_t{6400});
              for (std::size_t b = 0; b < 3; ++b) sums[(static_cast<std::size_t>(i) + b) % kBlocks] = 9000;
          }) < 0);
}
