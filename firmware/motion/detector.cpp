#include "motion/detector.hpp"

#include <algorithm>
#include <cmath>
#include <optional>

#include "motion/block_states.hpp"
#include "motion/learning_plan.hpp"
#include "motion/photometric.hpp"
#include "motion/scene_watch.hpp"
#include "motion/settling.hpp"
#include "motion/tracker.hpp"

namespace camgate::motion {
namespace {

constexpr Duration kLongestGap = std::chrono::seconds(10);
constexpr int kTracksLostAfter_ms = 2500;
constexpr int kLeastLight_blocks = 6;
constexpr int kLargestFaint = 20;  ///< a part of the picture
constexpr int kFewNew = 5;         ///< one block in so many
constexpr int kLitAnew_ms = 3000;
constexpr int kMovingCells = 2;
constexpr float kSeenPart = 0.7F;  ///< what is seen of an object is less than all of it

void count(MotionResult& result, Rejection reason, int by = 1) {
    auto& counter = result.rejected[static_cast<std::size_t>(reason)];
    counter = static_cast<std::uint16_t>(std::min(counter + by, 0xFFFF));
}

float confidenceOf(const Track& track) {
    const auto part = [](int value, int full) {
        return static_cast<float>(std::min(value, full)) / static_cast<float>(full);
    };
    constexpr int kLongSeen_ms = 1200;
    constexpr int kFarMoved_px = 5 * kBlock_px;
    return 0.2F + 0.4F * part(track.seen_ms, kLongSeen_ms) + 0.4F * part(track.net_px, kFarMoved_px);
}

}  // namespace

class Detector::Pipeline {
  public:
    explicit Pipeline(const DetectorSettings& settings) : settings_(settings) {}

    MotionResult process(const LumaPlane& plane, BootTime captured_at);
    void setActiveZones(std::uint16_t zones);

  private:
    void restart(const LumaPlane& plane);
    void followLight();
    MotionResult settle(MotionResult result, int dt_ms);
    SceneView view() const { return {small_, background_, slow_, zones_}; }
    bool hasEdges(const FoundBlob& blob) const;
    bool isLight(const FoundBlob& blob) const;
    bool isGlow(const FoundBlob& blob) const;
    void findBlobs(MotionResult& result);
    void keepRealBlobs(MotionResult& result);
    void report(MotionResult& result);
    int leastSide(float min_height) const;
    bool largeEnough(const Track& track, const Zone* zone) const;
    void noteCrossing(Track& track) const;
    std::uint16_t zonesTouched(std::size_t track) const;

    DetectorSettings settings_;
    int width_px_ = 0, height_px_ = 0;
    int min_side_px_ = 1;
    int lit_anew_ms_ = 0;  // so long will the last change of light show
    std::uint16_t active_zones_ = 0xFFFF;
    std::optional<BootTime> last_;
    Downscaler small_;
    Background background_;
    ZoneMap zones_;
    Settling settling_;
    BlockStates states_;
    LearningPlan learning_;
    BlobFinder finder_;
    Tracker tracker_;
    SlowPicture slow_;
    SceneWatch watch_;
};

void Detector::Pipeline::restart(const LumaPlane& plane) {
    width_px_ = plane.width();
    height_px_ = plane.height();
    small_ = Downscaler(width_px_, height_px_);
    const Grid& grid = small_.grid();
    zones_ = ZoneMap(settings_.zones, settings_.sensitivity_percent, grid);
    zones_.setActive(active_zones_);
    background_ = Background(grid, zones_.scales_q7());
    finder_ = BlobFinder(grid);
    tracker_.clear();
    settling_ = Settling();
    states_ = BlockStates(grid);
    learning_ = LearningPlan(grid);
    slow_ = SlowPicture(grid, zones_.scales_q7());
    watch_ = SceneWatch(grid, slow_);
    min_side_px_ = leastSide(settings_.min_height);
    for (const Zone& zone : settings_.zones) {
        if (zone.min_height > 0) min_side_px_ = std::min(min_side_px_, leastSide(zone.min_height));
    }
}

int Detector::Pipeline::leastSide(float min_height) const {
    const float least_px = min_height * kSeenPart * static_cast<float>(small_.grid().height_px);
    return std::max(static_cast<int>(std::lround(least_px)), 1);
}

void Detector::Pipeline::setActiveZones(std::uint16_t zones) {
    active_zones_ = zones;
    zones_.setActive(zones);
}

MotionResult Detector::Pipeline::process(const LumaPlane& plane, BootTime captured_at) {
    MotionResult result;
    result.captured_at = captured_at;
    const bool another_size = plane.width() != width_px_ || plane.height() != height_px_;
    const bool jumped = last_ && (captured_at < *last_ || captured_at - *last_ > kLongestGap);
    const bool first = !last_ || another_size || jumped;
    const int dt_ms =
        first ? 0
              : static_cast<int>(
                    std::chrono::duration_cast<std::chrono::milliseconds>(captured_at - *last_).count());
    last_ = captured_at;
    if (first) {
        restart(plane);
        small_.run(plane);
        slow_.adopt(small_.pixels());
        background_.adopt(small_.pixels());
        settling_.begin();
        return result;
    }
    small_.run(plane);
    lit_anew_ms_ = std::max(lit_anew_ms_ - dt_ms, 0);
    followLight();
    slow_.take(small_.pixels(), background_.thresholds(), dt_ms);
    watch_.step(slow_, background_, small_.sums(), dt_ms);
    result.scene = watch_.state();
    background_.compare(small_.pixels());
    slow_.compare(background_.pixels());
    states_.expect(tracker_.tracks(), small_.grid(), dt_ms);
    const std::size_t changed = states_.classify(view(), settling_.young(), dt_ms, result.rejected);
    settling_.step(changed, states_.all().size() - zones_.ignoredBlocks(), dt_ms);
    if (settling_.active() || settling_.justEnded()) return settle(std::move(result), dt_ms);
    result.state = GlobalState::Normal;
    if (dt_ms > kTracksLostAfter_ms) tracker_.clear();
    keepRealBlobs(result);
    tracker_.follow(std::as_const(finder_).found(), small_.grid(), dt_ms, lit_anew_ms_ > 0, result.rejected);
    report(result);
    learning_.follow(states_, tracker_.tracks(), small_.pixels(), background_, slow_, settling_.young(),
                     dt_ms);
    return result;
}

MotionResult Detector::Pipeline::settle(MotionResult result, int dt_ms) {
    if (settling_.byChange()) {
        count(result, Rejection::GlobalChange);
        lit_anew_ms_ = kLitAnew_ms;
    }
    tracker_.clear();
    if (settling_.justEnded()) {
        background_.adopt(small_.pixels());
        slow_.adopt(small_.pixels());
    } else {
        learning_.settle(small_.pixels(), background_, dt_ms);
    }
    return result;
}

void Detector::Pipeline::followLight() {
    const auto change = findLightChange(small_.sums(), background_.sums());
    if (!change) return;
    lit_anew_ms_ = kLitAnew_ms;
    background_.applyLight(*change);
    slow_.applyLight(*change);
}

bool Detector::Pipeline::hasEdges(const FoundBlob& blob) const {
    int edged = 0;
    for (const std::uint16_t block : finder_.blocksOf(blob))
        edged += slow_.hasEdge(block, background_.pixels()) ? 1 : 0;
    return edged * 2 >= blob.blocks;
}

/// A large surface that changed without new structure anywhere is one under other light; an object has edges.
bool Detector::Pipeline::isLight(const FoundBlob& blob) const {
    const bool structureless =
        blob.seeds >= kLeastLight_blocks && blob.new_seeds * kFewNew < blob.seeds && !hasEdges(blob);
    return structureless || (blob.lit_beside > 2 * blob.new_seeds && blob.lit_beside > blob.seeds);
}

/// Larger than anybody, and yet so faint that only the slow eye sees it; or, soon after the light has
/// changed, hardly any of it surely another surface: exposure still hunts for its level.
bool Detector::Pipeline::isGlow(const FoundBlob& blob) const {
    const bool large = blob.blocks * kLargestFaint > static_cast<int>(states_.all().size());
    return large && (blob.isWeak() || (lit_anew_ms_ > 0 && blob.new_seeds * kFewNew < blob.blocks));
}

/// Takes the blocks of light out of the picture; what then still has structure may be an object in that
/// light.
void Detector::Pipeline::findBlobs(MotionResult& result) {
    bool again = false;
    for (const FoundBlob& blob : finder_.find(states_.all(), small_.pixels(), background_, slow_)) {
        if (!isLight(blob)) continue;
        count(result, Rejection::Illumination);
        states_.markLit(finder_.blocksOf(blob));
        again = true;
    }
    if (again) finder_.find(states_.all(), small_.pixels(), background_, slow_);
}

void Detector::Pipeline::keepRealBlobs(MotionResult& result) {
    findBlobs(result);
    std::size_t kept = 0;
    for (FoundBlob& blob : finder_.found()) {
        if (longerSide(blob.box) < min_side_px_) {
            count(result, Rejection::TooSmall);
        } else if (isLight(blob) || isGlow(blob)) {
            count(result, Rejection::Illumination);
        } else {
            for (const std::uint16_t block : finder_.blocksOf(blob)) {
                blob.changed_px += background_.counts()[block];
                blob.difference += background_.difference(block);
                blob.lasting += slow_.difference(block);
                const int cells = slow_.moved(block);
                blob.moving +=
                    cells >= kMovingCells || (states_[block] == BlockState::Weak && cells > 0) ? 1 : 0;
            }
            finder_.found()[kept++] = blob;
        }
    }
    finder_.keepFirst(kept);
}

std::uint16_t Detector::Pipeline::zonesTouched(std::size_t track) const {
    // A quarter of the blob, or half of the zone where that is less: a person is taller than a small zone.
    std::array<int, kMaxZones> inside{};
    int blocks = 0;
    for (std::size_t b = 0; b < finder_.found().size(); ++b) {
        if (tracker_.trackOf(b) != static_cast<int>(track)) continue;
        for (const std::uint16_t block : finder_.blocksOf(finder_.found()[b])) {
            ++blocks;
            for (unsigned mask = zones_.mask(block), zone = 0; mask != 0; mask >>= 1U, ++zone)
                inside[zone] += mask & 1U;
        }
    }
    const Track& seen = tracker_.tracks()[track];
    std::uint16_t touched = static_cast<std::uint16_t>(seen.crossed & zones_.lineBits());
    for (std::size_t zone = 0; zone < settings_.zones.size(); ++zone) {
        const bool enough = inside[zone] * 4 >= blocks || inside[zone] * 2 >= zones_.blocksOf(zone);
        if (inside[zone] > 0 && enough && largeEnough(seen, &settings_.zones[zone]))
            touched = static_cast<std::uint16_t>(touched | (1U << zone));
    }
    return touched;
}

/// In a zone its own smallest object counts, everywhere else the camera's.
bool Detector::Pipeline::largeEnough(const Track& track, const Zone* zone) const {
    const float least = zone && zone->min_height > 0 ? zone->min_height : settings_.min_height;
    return longerSide(track.box) >= leastSide(least);
}

/// Somebody is where the feet are.
void Detector::Pipeline::noteCrossing(Track& track) const {
    const auto feet = [this](const PixelBox& box) {
        return Point{
            static_cast<float>(box.left + box.right) / 2 / static_cast<float>(small_.grid().width_px),
            static_cast<float>(box.bottom) / static_cast<float>(small_.grid().height_px)};
    };
    for (std::size_t zone = 0; zone < settings_.zones.size(); ++zone) {
        const auto bit = static_cast<std::uint16_t>(1U << zone);
        if ((zones_.lineBits() & bit) != 0 &&
            crosses(settings_.zones[zone], feet(track.before), feet(track.box)))
            track.crossed = static_cast<std::uint16_t>(track.crossed | bit);
    }
}

void Detector::Pipeline::report(MotionResult& result) {
    const auto w = static_cast<float>(small_.grid().width_px);
    const auto h = static_cast<float>(small_.grid().height_px);
    const auto tracks = tracker_.tracks();
    for (std::size_t i = 0; i < tracks.size(); ++i) {
        Track& track = tracks[i];
        if (!track.observed) continue;
        noteCrossing(track);
        Blob blob;
        blob.box = {static_cast<float>(track.box.left) / w, static_cast<float>(track.box.top) / h,
                    static_cast<float>(track.box.width()) / w, static_cast<float>(track.box.height()) / h};
        blob.confidence = confidenceOf(track);
        blob.track = track.id;
        blob.zones_touched = zonesTouched(i);
        const bool counts = zones_.restricted() ? (blob.zones_touched & zones_.countingBits()) != 0
                                                : largeEnough(track, nullptr);
        if (track.confirmed && !counts) count(result, Rejection::OutsideZones);
        blob.confirmed = track.confirmed && counts;
        result.active = result.active || blob.confirmed;
        result.blobs.push_back(blob);
    }
}

Result<Detector> Detector::create(const DetectorSettings& settings) {
    if (settings.sensitivity_percent < 1 || settings.sensitivity_percent > 100) {
        return fail(ErrorKind::InvalidArgument, "sensitivity: expected 1 to 100 percent");
    }
    if (!(settings.min_height > 0 && settings.min_height <= 1)) {
        return fail(ErrorKind::InvalidArgument,
                    "smallest height: expected over 0 and at most 1 of the picture height");
    }
    if (auto checked = checkZones(settings.zones); !checked) return std::unexpected(checked.error());
    return Detector(std::make_unique<Pipeline>(settings));
}

Detector::Detector(std::unique_ptr<Pipeline> pipeline) : pipeline_(std::move(pipeline)) {}
Detector::Detector(Detector&&) noexcept = default;
Detector& Detector::operator=(Detector&&) noexcept = default;
Detector::~Detector() = default;

void Detector::setActiveZones(std::uint16_t zones) {
    pipeline_->setActiveZones(zones);
}

MotionResult Detector::process(const LumaPlane& plane, BootTime captured_at) {
    return pipeline_->process(plane, captured_at);
}

}  // namespace camgate::motion
