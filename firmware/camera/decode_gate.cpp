#include "camera/decode_gate.hpp"

#include <algorithm>
#include <cmath>

namespace camgate::camera {
namespace {

constexpr int kLeastLearnt_units = 30;
constexpr double kLearningRate = 1.0 / 32;
/// A unit stirs when it is larger than the mean by this many spreads and by this part of the mean.
constexpr double kStir_spreads = 3;
constexpr double kStir_part = 0.25;

}  // namespace

GateVerdict DecodeGate::onUnit(const GateUnit& unit) {
    const bool stirring = !unit.keyframe && stirs(unit);
    if (stirring) onStir(unit.time);
    if (!unit.keyframe && !stirring) learn(unit);
    if (unit.keyframe) still_ = mayRest(unit.time);
    const bool late = last_decoded_ && unit.time - *last_decoded_ >= kLongestHold;
    if (still_ && !unit.keyframe && !stirring && !late) return GateVerdict::Hold;
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
    learnt_ = 0;
}

bool DecodeGate::stirs(const GateUnit& unit) const {
    const double above = static_cast<double>(unit.bytes) - mean_bytes_;
    return learnt_ >= kLeastLearnt_units && above > kStir_spreads * spread_bytes_ &&
           above > kStir_part * mean_bytes_;
}

void DecodeGate::learn(const GateUnit& unit) {
    const double bytes = static_cast<double>(unit.bytes);
    if (learnt_ == 0) {
        mean_bytes_ = bytes;
        spread_bytes_ = bytes / 2;
    }
    const double rate = std::max(kLearningRate, 1.0 / (learnt_ + 1));
    const double off = bytes - mean_bytes_;
    mean_bytes_ += rate * off;
    spread_bytes_ += rate * (std::abs(off) - spread_bytes_);
    ++learnt_;
}

bool DecodeGate::mayRest(BootTime now) const {
    if (learnt_ < kLeastLearnt_units || (distrust_until_ && now < *distrust_until_)) return false;
    return now - last_stir_ >= kCalm;
}

}  // namespace camgate::camera
