#include "motion/photometric.hpp"

#include <algorithm>
#include <array>
#include <cstdlib>

#include "motion/grid.hpp"

namespace camgate::motion {
namespace {

// Offsets are handled in quarters of a grey level: a block's sum over 64 pixels, divided by 16.
constexpr int kSumToQuarter = 16;
constexpr int kMaxOffset_q2 = 255 * 4;
constexpr int kLeastChange_q2 = 6;  // 1.5 levels: less is left to the background's own updating
constexpr int kExplained_q2 = 12;
constexpr int kNear_q2 = 40;
constexpr int kClipped = 250;
constexpr int kLeastSpread = 16;  // grey levels between halves; less and a gain is only a guess

class OffsetHistogram {
  public:
    void add(int offset_q2) {
        const auto bin =
            static_cast<std::size_t>(std::clamp(offset_q2, -kMaxOffset_q2, kMaxOffset_q2) + kMaxOffset_q2);
        ++bins_[bin];
        ++groups_[bin / kGroup];
        ++count_;
    }
    /// 0 if there is none.
    int median() const {
        if (count_ == 0) return 0;
        unsigned seen = 0;
        std::size_t group = 0;
        while (2 * (seen + groups_[group]) < count_) seen += groups_[group++];
        std::size_t bin = group * kGroup;
        while (2 * (seen + bins_[bin]) < count_) seen += bins_[bin++];
        return static_cast<int>(bin) - kMaxOffset_q2;
    }

  private:
    static constexpr std::size_t kBins = 2 * kMaxOffset_q2 + 1;
    static constexpr std::size_t kGroup = 64;
    std::array<std::uint16_t, kBins> bins_{};
    std::array<std::uint16_t, kBins / kGroup + 1> groups_{};
    unsigned count_ = 0;
};

int levelOf(std::uint16_t sum) {
    return sum / kBlockArea_px;
}

int medianLevel(std::span<const std::uint16_t> sums) {
    std::array<std::uint16_t, 256> bins{};
    for (const std::uint16_t sum : sums) ++bins[static_cast<std::size_t>(levelOf(sum))];
    unsigned seen = 0;
    for (std::size_t i = 0; i < bins.size(); ++i) {
        seen += bins[i];
        if (2 * seen >= sums.size()) return static_cast<int>(i);
    }
    return 0;
}

struct Half {
    OffsetHistogram offsets;
    int level_sum = 0;
    int blocks = 0;
    int level() const { return blocks == 0 ? 0 : level_sum / blocks; }
};

int modelOffset_q2(const LightChange& change, int level) {
    return (level * (change.gain_q10 - 1024) * 4) / 1024 + change.offset_q7 / 32;
}

using Sums = std::span<const std::uint16_t>;

int offset_q2(Sums current, Sums background, std::size_t block) {
    return (current[block] - background[block]) / kSumToQuarter;
}

/// One step of the fit: medians, per half, of what `change` leaves unexplained, among blocks within
/// `reach_q2`.
LightChange refine(LightChange change, Sums current, Sums background, int middle, int reach_q2) {
    Half dark;
    Half bright;
    for (std::size_t i = 0; i < background.size(); ++i) {
        const int level = levelOf(background[i]);
        // Clipped blocks say nothing about gain.
        if (level >= kClipped || levelOf(current[i]) >= kClipped) continue;
        const int left_q2 = offset_q2(current, background, i) - modelOffset_q2(change, level);
        if (std::abs(left_q2) > reach_q2) continue;
        Half& half = level <= middle ? dark : bright;
        half.offsets.add(left_q2);
        half.level_sum += level;
        ++half.blocks;
    }
    const int dark_q2 = dark.offsets.median();
    const int bright_q2 = bright.blocks > 0 ? bright.offsets.median() : dark_q2;
    const int spread = bright.level() - dark.level();
    if (bright.blocks == 0 || dark.blocks == 0 || spread < kLeastSpread) {
        change.offset_q7 += (dark_q2 + bright_q2) * 16;
        return change;
    }
    const int gain_step_q10 = (bright_q2 - dark_q2) * 256 / spread;
    change.gain_q10 = std::clamp(change.gain_q10 + gain_step_q10, 256, 4095);
    change.offset_q7 += dark_q2 * 32 - dark.level() * gain_step_q10 / 8;
    return change;
}

std::size_t explainedBlocks(const LightChange& change, Sums current, Sums background) {
    std::size_t explained = 0;
    for (std::size_t i = 0; i < background.size(); ++i) {
        const int left_q2 =
            offset_q2(current, background, i) - modelOffset_q2(change, levelOf(background[i]));
        explained += std::abs(left_q2) <= kExplained_q2 ? 1U : 0U;
    }
    return explained;
}

}  // namespace

std::optional<LightChange> findLightChange(Sums current_sums, Sums background_sums) {
    const int middle = medianLevel(background_sums);
    LightChange change = refine({}, current_sums, background_sums, middle, kMaxOffset_q2);
    const int at_dark_q2 = modelOffset_q2(change, middle / 2);
    const int at_bright_q2 = modelOffset_q2(change, middle + (255 - middle) / 2);
    if (std::max(std::abs(at_dark_q2), std::abs(at_bright_q2)) < kLeastChange_q2) return std::nullopt;

    // Objects pull the first medians aside; without what they left far off, the second are true.
    change = refine(change, current_sums, background_sums, middle, kNear_q2);
    const std::size_t explained = explainedBlocks(change, current_sums, background_sums);
    if (explained * 10 < background_sums.size() * 6) return std::nullopt;
    if (explained < explainedBlocks({}, current_sums, background_sums)) return std::nullopt;
    return change;
}

}  // namespace camgate::motion
