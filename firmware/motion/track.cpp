#include "motion/track.hpp"

#include <algorithm>
#include <cstdlib>

namespace camgate::motion {
namespace {

constexpr int kOne_q4 = 16;
constexpr int kBornHits = 3;         // until then its speed is a guess
constexpr int kNeededHits = 2;       // at 1 fps two frames must do
constexpr int kMostlyWeak = 3;       // one clear sighting in so many does not make it clear
constexpr int kMostCredit_ms = 250;  // a gap in the frames is no evidence
constexpr int kMostInPlace_ms = 10'000;
constexpr int kLeastInPlace_ms = 400;
constexpr int kMostFrozen_ms = 1500;
constexpr int kFlickering = 96;
constexpr int kRemnant = 8;  // so many times smaller, it is what somebody left behind who is gone
constexpr int kRest = 2;
constexpr int kForgetSize_ms = 3000;
constexpr int kLeastAtBorder_px = 10;
constexpr int kMostWeak_q4 = 64;  // of many faint things at a time none is somebody
constexpr int kRestlessWeak_q4 = 48, kRestlessClutter_q4 = 8;
constexpr int kSparse_percent = 20, kBody_percent = 45;
constexpr int kPassing_percent = 39;
constexpr int kHoldsBody_ms = 100, kHolds_ms = 200, kLongFrame_ms = 250;
constexpr int kSteady_percent = 15;
constexpr int kThin_percent = 45;
constexpr int kLeastHeight_px = 8;
constexpr int kMostWeight = 8;
constexpr int kFarthest_px = 5 * kBlock_px;  // the way that is remembered may be no longer
constexpr int kSmall_q4 = 8;                 // a quarter of the picture height
constexpr int kHome_ms = 1000;
constexpr int kAtHome_ms = 1800;  // flags, fountains and clocks have not left by then
constexpr int kSmallHits = 6;
constexpr int kLargeSeen_ms = 100;  // so much less is asked of what is large
constexpr int kUnsteady_percent = 40, kShapeless_percent = 55;
constexpr int kWandering_percent = 30;

int fillOf(const Observation& seen) {
    return seen.changed_px * 100 / std::max(seen.box.area(), 1);
}

/// Flakes, drops and insects are small: 16 up to an eighth of the picture height, 0 from three eighths on.
int smallness_q4(int size, const Grid& grid) {
    return std::clamp(24 - 64 * size / grid.height_px, 0, 16);
}

}  // namespace

Edges_q4 Edges_q4::of(const PixelBox& box) {
    return {box.left * kOne_q4, box.top * kOne_q4, box.right * kOne_q4, box.bottom * kOne_q4};
}

void Track::begin(const Observation& seen) {
    box = before = seen.box;
    hits = 1;
    usual_area_px = box.area();
    flicker = seen.flicker;
    home = box;
    fill_percent = fillOf(seen);
    lasting_percent = seen.lasting_percent;
    weak = seen.weak;
    strong_hits = weak ? 0 : 1;
    observed = true;
    way_.start(box);
}

void Track::update(const Observation& seen, int dt_ms) {
    const bool leaps = leapsTo(seen.box, dt_ms);
    const Edges_q4 now = Edges_q4::of(box);
    const Edges_q4 edges = Edges_q4::of(seen.box);
    if (dt_ms > 0) {
        const int weight = hits < 3 ? 2 : 4;
        speed_x_q4 += ((edges.middleX() - now.middleX()) * 1000 / dt_ms - speed_x_q4) / weight;
        speed_y_q4 += ((edges.middleY() - now.middleY()) * 1000 / dt_ms - speed_y_q4) / weight;
    }
    const int size = box.width() + box.height();
    const int by = std::abs(seen.box.width() - box.width()) + std::abs(seen.box.height() - box.height());
    unsteady_percent += (std::min(by * 100 / std::max(size, 1), 200) - unsteady_percent) / 3;
    before = box;
    box = seen.box;
    // From here on it may be another thing.
    if (leaps) way_.start(box);
    if (age_ms <= kHome_ms) home = home.joined(box);
    usual_area_px =
        std::max(box.area(), usual_area_px - usual_area_px * std::min(dt_ms, 500) / kForgetSize_ms);
    // A sixteenth: of a person who stands, often only an arm moves.
    const bool moves = seen.moving > 0 && seen.moving * 16 >= seen.blocks;
    if (moves) seen_ms += std::min(dt_ms, kMostCredit_ms);
    // Found again where nothing moves, or half of what it was: what somebody left behind who is gone.
    const int faster = box.area() * kRest < usual_area_px ? 2 : 1;
    frozen_ms = moves ? 0 : frozen_ms + (missed_ms > 0 ? kMostFrozen_ms : faster * dt_ms);
    ++hits;
    strong_hits += seen.weak ? 0 : 1;
    weak = weak && strong_hits < kNeededHits;
    flicker = std::max(seen.flicker, flicker * 7 / 8);
    const int weight_of_new = std::min(hits, kMostWeight);
    fill_percent += (fillOf(seen) - fill_percent) / weight_of_new;
    lasting_percent += (seen.lasting_percent - lasting_percent) / weight_of_new;
    way_.follow(box, dt_ms, !confirmed);
}

PixelBox Track::expectedAfter(int ms) const {
    return box.movedBy(speed_x_q4 * ms / (1000 * kOne_q4), speed_y_q4 * ms / (1000 * kOne_q4));
}

bool Track::faint() const {
    return !confirmed && strong_hits * kMostlyWeak < hits;
}

/// Neither where it was nor where it was going.
bool Track::leapsTo(const PixelBox& there, int dt_ms) const {
    const int least = std::min(box.area(), there.area()) / 4;
    return there.overlap(box) < least && there.overlap(expectedAfter(dt_ms)) < least;
}

/// Flakes, drops and insects: small, and many of their lengths fall or fly by in a second; gone before the
/// slow eye has seen them; or joined to a blob that leaves most of its box as it was.
bool Track::isWeather(const Grid& grid, const Unrest& unrest) const {
    const int size_q4 = longerSide(box) * kOne_q4;
    const bool snows = unrest.weak_q4 > kMostWeak_q4;
    if (snows && (weak || fill_percent < kSparse_percent)) return true;
    if (lasting_percent < kPassing_percent && fill_percent < kBody_percent) return true;
    const bool shapeless = unsteady_percent > (snows ? kUnsteady_percent : kShapeless_percent);
    if (shapeless && hits > kBornHits && smallness_q4(longerSide(box), grid) > 0) return true;
    if (smallness_q4(longerSide(box), grid) == 0) return false;
    if (distance(speed_x_q4, speed_y_q4) > 4 * size_q4) return true;
    const bool restless = unrest.weak_q4 > kRestlessWeak_q4 || unrest.clutter_q4 > kRestlessClutter_q4;
    return speed_y_q4 > std::abs(speed_x_q4) && speed_y_q4 > (restless ? 1 : 2) * size_q4;
}

/// Whoever walks or drives keeps to the ground: of what is as thin as a streak, most of its own height up or
/// down in a second is flight, and so is more than twice its height in any direction.
bool Track::flies(const Grid& grid) const {
    if (fill_percent >= kThin_percent || atBorder(grid)) return false;
    const int height_q4 = std::max(box.height(), kLeastHeight_px) * kOne_q4;
    const int speed_q4 = distance(speed_x_q4, speed_y_q4);
    // The slow eye's boxes are too coarse to tell more.
    if (weak) return speed_q4 > height_q4 * 4;
    const bool small = smallness_q4(longerSide(box), grid) > 0;
    return std::abs(speed_y_q4) * 4 > height_q4 * 3 || (small && speed_q4 * 4 > height_q4 * 9);
}

bool Track::atBorder(const Grid& grid) const {
    return box.left <= 1 || box.top <= 1 || box.right >= grid.width_px - 1 ||
           box.bottom >= grid.height_px - 1;
}

Demands Track::demands(const Grid& grid, const Unrest& unrest) const {
    Demands d;
    d.hits = kNeededHits;
    const int size = longerSide(box);
    // Far away is small, and small is slow.
    const int small_q4 = smallness_q4(size, grid);
    d.net_px = std::clamp(size / 3, 5, 6);
    d.straight_percent = 55;
    d.net_px += size * unrest.clutter_q4 * smallness_q4(size, grid) / 256;
    if (weak) {
        d.seen_ms += 400 + unrest.weak_q4 * 10;
        d.net_px += unrest.weak_q4 / 16;
        d.straight_percent = 75;
    }
    if (flicker > 16) {
        d.seen_ms += flicker * 4;
        d.net_px += d.net_px * flicker / 64;
    }
    // At the border an edge says nothing; what shows a little in and out there is no passer-by.
    if (atBorder(grid)) d.net_px = std::max(d.net_px, weak ? 2 * kLeastAtBorder_px : kLeastAtBorder_px);
    const int unrest_ms = unrest.clutter_q4 * 70 + (weak ? 0 : unrest.weak_q4 * 6);
    d.hits += (kSmallHits - d.hits) * small_q4 / 16;
    d.seen_ms += unrest_ms * small_q4 / 16 - (16 - small_q4) * kLargeSeen_ms / 16;
    d.net_px += d.net_px * unrest_ms * small_q4 / 16 / 1500;
    const int speed_px = distance(speed_x_q4, speed_y_q4) / kOne_q4;
    // What crosses its own length many times a second flies, or drives straight.
    if (speed_px > 3 * size || speed_px * 2 > grid.height_px) d.straight_percent = 88;
    // What the slow eye sees comes and goes in parts.
    if (unsteady_percent > kUnsteady_percent && !weak) {
        d.seen_ms += 400;
        d.net_px *= 2;
    }
    d.net_px = std::min(d.net_px, kFarthest_px);
    return d;
}

std::optional<Rejection> Track::missing(const Grid& grid, const Unrest& unrest) const {
    const Demands need = demands(grid, unrest);
    const bool flickers = flicker >= kFlickering;
    const bool now_and_then = age_ms < kAtHome_ms && seen_ms * 2 < age_ms;
    if (seen_ms < need.seen_ms || hits < need.hits || now_and_then)
        return flickers ? Rejection::Flicker : Rejection::TooShort;
    // Of those who have come together and are followed as one, some are always where the first was.
    const bool crowd = box.area() > 2 * home.area() && smallness_q4(longerSide(box), grid) < kSmall_q4;
    const bool at_home = age_ms >= kAtHome_ms && box.overlap(home) > 0 && !crowd;
    if (net_px < need.net_px || at_home) return flickers ? Rejection::Flicker : Rejection::NoDisplacement;
    if (straight_percent < need.straight_percent) return Rejection::Erratic;
    if (isWeather(grid, unrest)) return Rejection::Weather;
    return std::nullopt;
}

void Track::measureWay(const Grid& grid) {
    const Way::Measure way = way_.measure(box, grid, smallness_q4(longerSide(box), grid));
    net_px = way.net_px;
    straight_percent = way.straight_percent;
}

/// For how long it must convince: what passes by chance does not do so twice. Of what keeps its shape once is
/// enough, and so it is where a frame is as long as that.
int Track::holds_ms(int dt_ms) const {
    if (weak) return kHolds_ms;
    if (unsteady_percent < kSteady_percent || dt_ms > kLongFrame_ms) return 0;
    return fill_percent >= kBody_percent ? kHoldsBody_ms : kHolds_ms;
}

void Track::judge(const Grid& grid, int dt_ms, const Unrest& unrest) {
    if (observed) measureWay(grid);
    const bool gets_on = net_px >= std::clamp(longerSide(box) / 4, kBlock_px / 2, kBlock_px) &&
                         straight_percent >= kWandering_percent;
    in_place_ms = gets_on ? 0 : in_place_ms + dt_ms;
    if (observed && !confirmed) {
        // Who flew a moment ago begins anew.
        if (hits > kBornHits && flies(grid)) seen_ms = 0;
        const auto lack = missing(grid, unrest);
        lacks = lack.value_or(lacks);
        convincing_ms = convinces && !lack ? convincing_ms + dt_ms : 0;
        convinces = !lack;
        confirmed = convinces && convincing_ms >= holds_ms(dt_ms);
        ever_confirmed = ever_confirmed || confirmed;
    }
    if (!confirmed) return;
    if (gets_on && observed) getting_on_ms += dt_ms;
    // Somebody who walked and now stands goes on for a while: the longer, the longer he was seen to walk.
    const int stays_ms = std::clamp(2 * getting_on_ms, kLeastInPlace_ms, kMostInPlace_ms);
    const bool remnant = box.area() * kRemnant < usual_area_px;
    if (in_place_ms < stays_ms && frozen_ms < kMostFrozen_ms && !remnant) return;
    confirmed = false;
    getting_on_ms = 0;
    seen_ms = 0;
    way_.start(box);
}

}  // namespace camgate::motion
