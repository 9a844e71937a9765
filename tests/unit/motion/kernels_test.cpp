// Every set of kernels that this processor can run says, bit for bit, what plain C++ says.
#include "motion/kernels.hpp"

#include <array>
#include <catch2/catch.hpp>
#include <random>
#include <vector>

#include "motion/grid.hpp"

using namespace camgate::motion;

namespace {

using Plane = std::vector<std::uint8_t>;

/// Planes as they come and at their worst: noise, flat, black against white, nearly equal.
class PlaneMaker {
  public:
    explicit PlaneMaker(std::uint32_t seed) : dice_(seed) {}

    std::uint32_t roll(std::uint32_t below) { return next() % below; }

    Plane make(std::size_t size) {
        Plane plane(size);
        const std::uint32_t kind = roll(4);
        const auto level = static_cast<std::uint8_t>(roll(256));
        for (auto& pixel : plane) {
            const std::uint32_t bits = next();
            pixel = kind == 0   ? static_cast<std::uint8_t>(bits)
                    : kind == 1 ? level
                    : kind == 2 ? static_cast<std::uint8_t>(bits % 2 * 255)
                                : static_cast<std::uint8_t>(level + bits % 5);
        }
        return plane;
    }

  private:
    std::uint32_t next() { return static_cast<std::uint32_t>(dice_()); }

    std::mt19937 dice_;
};

struct Strip {  // one block row
    std::size_t stride;
    int columns;
    Plane now, before, fractions;
};

Strip makeStrip(PlaneMaker& maker) {
    const int columns = 1 + static_cast<int>(maker.roll(kMaxColumns));
    const std::size_t stride = static_cast<std::size_t>(columns) * kBlock_px + maker.roll(3) * 5;
    const std::size_t size = stride * kBlock_px;
    return {stride, columns, maker.make(size), maker.make(size), maker.make(size)};
}

bool sameSums(const Kernels& plain, const Kernels& other, const Strip& strip) {
    std::array<std::uint16_t, kMaxColumns> a{}, b{};
    plain.blockSums(strip.now.data(), strip.stride, strip.columns, a.data());
    other.blockSums(strip.now.data(), strip.stride, strip.columns, b.data());
    return a == b;
}

bool sameDifferences(const Kernels& plain, const Kernels& other, const Strip& strip,
                     const Plane& thresholds) {
    std::array<std::uint8_t, kMaxColumns> counts_a{}, counts_b{};
    std::array<std::uint16_t, kMaxColumns> sads_a{}, sads_b{};
    plain.blockDifferences(strip.now.data(), strip.before.data(), strip.stride, strip.columns,
                           thresholds.data(), counts_a.data(), sads_a.data());
    other.blockDifferences(strip.now.data(), strip.before.data(), strip.stride, strip.columns,
                           thresholds.data(), counts_b.data(), sads_b.data());
    return counts_a == counts_b && sads_a == sads_b;
}

bool sameCells(const Kernels& plain, const Kernels& other, const Strip& strip, const Plane& thresholds) {
    std::array<std::uint8_t, kMaxColumns> counts_a{}, counts_b{};
    std::array<std::uint16_t, kMaxColumns> sads_a{}, sads_b{};
    plain.cellDifferences(strip.now.data(), strip.before.data(), strip.stride, strip.columns,
                          thresholds.data(), counts_a.data(), sads_a.data());
    other.cellDifferences(strip.now.data(), strip.before.data(), strip.stride, strip.columns,
                          thresholds.data(), counts_b.data(), sads_b.data());
    return counts_a == counts_b && sads_a == sads_b;
}

bool sameLearning(const Kernels& plain, const Kernels& other, const Strip& strip, PlaneMaker& maker) {
    Strip a = strip;
    Strip b = strip;
    for (std::size_t block = 0; block < static_cast<std::size_t>(strip.columns); ++block) {
        const int shift = static_cast<int>(maker.roll(8));
        const std::size_t at = block * kBlock_px;
        const auto sum_a =
            plain.learnBlock(strip.now.data() + at, {&a.before[at], &a.fractions[at]}, strip.stride, shift);
        const auto sum_b =
            other.learnBlock(strip.now.data() + at, {&b.before[at], &b.fractions[at]}, strip.stride, shift);
        if (sum_a != sum_b) return false;
    }
    return a.before == b.before && a.fractions == b.fractions;
}

bool sameLight(const Kernels& plain, const Kernels& other, const Strip& strip, PlaneMaker& maker) {
    Strip a = strip;
    Strip b = strip;
    const std::size_t pixels = strip.before.size() / 8 * 8;
    const auto gain = static_cast<std::uint16_t>(maker.roll(0x10000));
    const auto offset = static_cast<std::int32_t>(maker.roll(0x30000)) - 0x18000;
    plain.applyLight({a.before.data(), a.fractions.data()}, pixels, gain, offset);
    other.applyLight({b.before.data(), b.fractions.data()}, pixels, gain, offset);
    return a.before == b.before && a.fractions == b.fractions;
}

bool sameMoments(const Kernels& plain, const Kernels& other, const Strip& strip) {
    for (std::size_t block = 0; block < static_cast<std::size_t>(strip.columns); ++block) {
        const std::uint8_t* now = strip.now.data() + block * kBlock_px;
        const std::uint8_t* before = strip.before.data() + block * kBlock_px;
        if (plain.blockMoments(now, before, strip.stride) != other.blockMoments(now, before, strip.stride))
            return false;
        if (plain.blockSad(now, before, strip.stride) != other.blockSad(now, before, strip.stride))
            return false;
    }
    return true;
}

bool sameBoxes(const Kernels& plain, const Kernels& other, PlaneMaker& maker) {
    constexpr std::array kFactors{1, 2, 3, 4, 6, 8, 12, 16};
    const int factor = kFactors[maker.roll(kFactors.size())];
    const int width = 1 + static_cast<int>(maker.roll(130));
    const std::size_t stride = static_cast<std::size_t>(width * factor) + maker.roll(9);
    // Not one byte behind the last pixel: the sanitizers see a vector that reads on.
    const std::size_t size =
        stride * static_cast<std::size_t>(factor - 1) + static_cast<std::size_t>(width * factor);
    const Plane source = maker.make(size);
    Plane a(static_cast<std::size_t>(width));
    Plane b(a.size());
    plain.boxRow(factor, source.data(), stride, a.data(), width);
    other.boxRow(factor, source.data(), stride, b.data(), width);
    return a == b;
}

void compareOver(int blocks, std::uint32_t seed) {
    const Kernels& plain = *availableKernels().front();
    for (const Kernels* other : availableKernels().subspan(1)) {
        CAPTURE(other->name, seed);
        PlaneMaker maker(seed);
        for (int done = 0; done < blocks;) {
            const Strip strip = makeStrip(maker);
            const Plane thresholds = maker.make(kMaxColumns);
            REQUIRE(sameSums(plain, *other, strip));
            REQUIRE(sameDifferences(plain, *other, strip, thresholds));
            REQUIRE(sameCells(plain, *other, strip, thresholds));
            REQUIRE(sameLearning(plain, *other, strip, maker));
            REQUIRE(sameLight(plain, *other, strip, maker));
            REQUIRE(sameMoments(plain, *other, strip));
            REQUIRE(sameBoxes(plain, *other, maker));
            done += strip.columns;
        }
    }
}

}  // namespace

TEST_CASE("kernels: every set agrees with plain C++ on random blocks", "[motion][kernels]") {
    REQUIRE(std::string_view(availableKernels().front()->name) == "plain");
    REQUIRE(&kernels() == availableKernels().back());
    compareOver(40'000, 1);
}

// Hidden: asked for by its tag, natively and under qemu-user for the ARM targets.
TEST_CASE("kernels: every set agrees with plain C++ on a million random blocks", "[.][million]") {
    compareOver(1'000'000, 2);
}

TEST_CASE("kernels: counts and sums of differences per block", "[motion][kernels]") {
    constexpr std::size_t kStride = 16;
    Plane now(kStride * 8, 100);
    const Plane before(kStride * 8, 100);
    now[0] = 110;            // 10: not over a threshold of 10
    now[1] = 89;             // 11
    now[8 + kStride] = 255;  // second block: 155
    const std::array<std::uint8_t, 2> thresholds{10, 10};
    for (const Kernels* set : availableKernels()) {
        CAPTURE(set->name);
        std::array<std::uint8_t, 2> counts{};
        std::array<std::uint16_t, 2> sads{};
        set->blockDifferences(now.data(), before.data(), kStride, 2, thresholds.data(), counts.data(),
                              sads.data());
        CHECK(counts == std::array<std::uint8_t, 2>{1, 1});
        CHECK(sads == std::array<std::uint16_t, 2>{21, 155});
    }
}

TEST_CASE("kernels: the background reaches a steady picture from both sides", "[motion][kernels]") {
    const Plane white(64, 255);
    const Plane black(64, 0);
    for (const Kernels* set : availableKernels()) {
        CAPTURE(set->name);
        Plane levels(64, 0);
        Plane fractions(64, 0);
        for (int i = 0; i < 200; ++i)
            (void)set->learnBlock(white.data(), {levels.data(), fractions.data()}, 8, 4);
        CHECK(levels[0] == 255);
        std::uint16_t sum = 1;
        for (int i = 0; i < 200; ++i)
            sum = set->learnBlock(black.data(), {levels.data(), fractions.data()}, 8, 4);
        CHECK(levels[63] == 0);
        CHECK(sum == 0);
    }
}

TEST_CASE("kernels: light of gain one and no offset changes nothing", "[motion][kernels]") {
    PlaneMaker maker(3);
    const Plane levels = maker.make(640);
    const Plane fractions = maker.make(640);
    for (const Kernels* set : availableKernels()) {
        CAPTURE(set->name);
        Plane a = levels;
        Plane b = fractions;
        set->applyLight({a.data(), b.data()}, a.size(), 1U << 14U, 0);
        CHECK(a == levels);  // the fraction may lose its two lowest bits
    }
}
