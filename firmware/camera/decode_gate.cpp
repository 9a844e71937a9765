#include "camera/decode_gate.hpp"

#include <algorithm>
#include <cmath>

namespace camgate::camera {
namespace {

/// So many calm groups tell what calm looks like.
constexpr int kLeastGroups = 5;
constexpr int kLeastLearnt = 3;
constexpr double kLearningRate = 1.0 / 16;
/// A unit stirs when it is larger than the mean by this many spreads and by this part of the mean.
constexpr double kStir_spreads = 5;
constexpr double kStir_part = 0.25;
/// Of a keyframe: a unit that would have to be larger to stir drowns who comes in.
constexpr double kTelling_part = 1.0 / 8;

}  // namespace

GateVerdict DecodeGate::onUnit(const GateUnit& unit) {
    place_ = unit.keyframe ? 0 : std::min(place_ + 1, kPlaces - 1);
    const bool stirring = !unit.keyframe && stirs(unit);
    if (stirring) onStir(unit.time);
    if (unit.keyframe) {
        keyframe_bytes_ = unit.bytes;
        ++calm_groups_;
        still_ = mayRest(unit.time);
    } else if (!stirring) {
        learn(unit);
    }
    const bool late = last_decoded_ && unit.time - *last_decoded_ >= kLongestHold;
    if (still_ && !unit.keyframe && !late) return GateVerdict::Hold;
    last_decoded_ = unit.time;
    return unit.keyframe ? GateVerdict::Decode : GateVerdict::DecodeHeld;
}

void DecodeGate::onLooked(BootTime time, bool stirring, bool motion) {
    if (motion && still_) distrust_until_ = time + kDistrust;
    if (stirring) onStir(time);
}

void DecodeGate::onStir(BootTime time) {
    // A scene that stirs is looked at whole until it has been calm again, and what calm looks like is learnt
    // anew.
    still_ = false;
    last_stir_ = std::max(last_stir_, time);
    calm_groups_ = 0;
    levels_.fill({});
}

bool DecodeGate::stirs(const GateUnit& unit) const {
    const Level& level = levels_[place_];
    return level.learnt >= kLeastLearnt && static_cast<double>(unit.bytes) > wakingBytes(level);
}

double DecodeGate::wakingBytes(const Level& level) {
    return level.mean_bytes + std::max(kStir_spreads * level.spread_bytes, kStir_part * level.mean_bytes);
}

bool DecodeGate::sizesTell() const {
    const double most = kTelling_part * static_cast<double>(keyframe_bytes_);
    return std::ranges::all_of(
        levels_, [most](const Level& level) { return level.learnt == 0 || wakingBytes(level) <= most; });
}

void DecodeGate::learn(const GateUnit& unit) {
    Level& level = levels_[place_];
    const double bytes = static_cast<double>(unit.bytes);
    if (level.learnt == 0) level = {bytes, bytes / 4, 0};
    const double off = bytes - level.mean_bytes;
    const double rate = std::max(kLearningRate, 1.0 / (level.learnt + 1));
    level.mean_bytes += rate * off;
    level.spread_bytes += std::max(kLearningRate, rate / 2) * (std::abs(off) - level.spread_bytes);
    ++level.learnt;
}

bool DecodeGate::mayRest(BootTime now) const {
    if (calm_groups_ <= kLeastGroups || !sizesTell() || (distrust_until_ && now < *distrust_until_))
        return false;
    return now - last_stir_ >= kCalm;
}

}  // namespace camgate::camera
