#include "motion/change_edge.hpp"

#include <algorithm>
#include <cstdlib>

namespace camgate::motion {
namespace {

constexpr int kNoises =
    37;  // four deviations of what two pairs of lines differ by, if cells share their noise
constexpr int kLeastStep_q4 = 16 * 24;  // 1.5 levels a cell

using Lines = std::array<int, kCellPatch>;

/// Two pairs of lines beside each other differ by most of what any two pairs do.
bool oneStep(const Lines& lines, int least) {
    std::array<int, kCellPatch - 1> pairs{};
    for (std::size_t i = 0; i < pairs.size(); ++i) pairs[i] = lines[i] + lines[i + 1];
    const auto [low, high] = std::minmax_element(pairs.begin(), pairs.end());
    int step = 0;
    for (std::size_t i = 0; i + 2 < pairs.size(); ++i)
        step = std::max(step, std::abs(pairs[i + 2] - pairs[i]));
    return step > least && step * 3 >= (*high - *low) * 2;
}

int sumOf(const CellPatch& patch) {
    int sum = 0;
    for (const auto& row : patch) {
        for (const std::int16_t cell : row) sum += cell;
    }
    return sum;
}

}  // namespace

bool hasEdge(const CellPatch& change, const CellPatch& surface, int noise_q4) {
    const int by = sumOf(change);
    const int level = std::max(sumOf(surface), 1);
    Lines across_q4{};
    Lines down_q4{};
    for (std::size_t y = 0; y < kCellPatch; ++y) {
        for (std::size_t x = 0; x < kCellPatch; ++x) {
            const int left_q4 = change[y][x] * 16 - surface[y][x] * by * 16 / level;
            across_q4[x] += left_q4;
            down_q4[y] += left_q4;
        }
    }
    const int least_q4 = std::max(kNoises * noise_q4, kLeastStep_q4);
    return oneStep(across_q4, least_q4) || oneStep(down_q4, least_q4);
}

}  // namespace camgate::motion
