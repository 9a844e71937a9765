#include "motion/detector.hpp"

#include <algorithm>
#include <cmath>
#include <optional>

#include "motion/background.hpp"
#include "motion/blobs.hpp"
#include "motion/downscale.hpp"
#include "motion/photometric.hpp"
#include "motion/recent_picture.hpp"
#include "motion/settling.hpp"
#include "motion/texture.hpp"
#include "motion/tracker.hpp"
#include "motion/zones.hpp"

namespace camgate::motion {
namespace {

constexpr int kSeedPixels = 14;
constexpr int kGrowthPixels = 7;
constexpr Duration kLongestGap = std::chrono::seconds(10);
constexpr int kTracksLostAfter_ms = 2500;
constexpr int kLongestCandidate_ms = 3000;

void count(MotionResult& result, Rejection reason, int by = 1) {
    auto& counter = result.rejected[static_cast<std::size_t>(reason)];
    counter = static_cast<std::uint16_t>(std::min(counter + by, 0xFFFF));
}

float confidenceOf(const Track& track) {
    const auto part = [](int value, int full) {
        return static_cast<float>(std::min(value, full)) / static_cast<float>(full);
    };
    constexpr int kLongSeen_ms = 1200;
    constexpr int kFarMoved_q4 = 5 * kBlock_px * 16;
    return 0.2F + 0.4F * part(track.seen_ms, kLongSeen_ms) + 0.4F * part(track.net_q4, kFarMoved_q4);
}

}  // namespace

class Detector::Pipeline {
  public:
    explicit Pipeline(const DetectorSettings& settings) : settings_(settings) {}

    MotionResult process(const LumaPlane& plane, BootTime captured_at);

  private:
    void restart(const LumaPlane& plane);
    void followLight();
    std::size_t classify(MotionResult& result);
    void keepRealBlobs(std::span<const FoundBlob> found, MotionResult& result);
    void report(MotionResult& result);
    void holdUnder(const Track& track);
    void learn(int dt_ms);
    std::uint16_t zonesTouched(std::size_t track) const;

    DetectorSettings settings_;
    int width_px_ = 0, height_px_ = 0;
    int min_side_px_ = 1;
    std::optional<BootTime> last_;
    Downscaler small_;
    Background background_;
    ZoneMap zones_;
    Settling settling_;
    BlobFinder finder_;
    Tracker tracker_;
    std::vector<BlockState> states_;
    std::vector<std::uint8_t> was_active_;
    std::vector<Learning> learning_;
    std::vector<FoundBlob> kept_;
    RecentPicture recent_;
};

void Detector::Pipeline::restart(const LumaPlane& plane) {
    width_px_ = plane.width();
    height_px_ = plane.height();
    small_ = Downscaler(width_px_, height_px_);
    const Grid& grid = small_.grid();
    background_ = Background(grid, settings_.sensitivity_percent);
    zones_ = ZoneMap(settings_.zones, grid);
    finder_ = BlobFinder(grid);
    tracker_.clear();
    settling_ = Settling();
    states_.assign(grid.blocks(), BlockState::Quiet);
    was_active_.assign(grid.blocks(), 0);
    learning_.assign(grid.blocks(), Learning::Quiet);
    kept_.clear();
    kept_.reserve(BlobFinder::kMostFound);
    recent_ = RecentPicture(grid);
    min_side_px_ =
        std::max(static_cast<int>(std::lround(settings_.min_height * static_cast<float>(grid.height_px))), 1);
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
        recent_.keep(small_.pixels(), 0);
        background_.adopt(small_.pixels());
        settling_.begin();
        return result;
    }
    small_.run(plane);
    followLight();
    background_.compare(small_.pixels());
    const std::size_t changed = classify(result);
    const std::size_t counted = states_.size() - zones_.ignoredBlocks();
    settling_.step(changed, counted, dt_ms);
    if (settling_.justEnded()) background_.adopt(small_.pixels());
    if (settling_.active() || settling_.justEnded()) {
        if (settling_.byChange()) count(result, Rejection::GlobalChange);
        tracker_.clear();
        if (settling_.active()) {
            std::fill(learning_.begin(), learning_.end(), Learning::Settling);
            background_.learn(small_.pixels(), learning_, dt_ms);
        }
        std::fill(was_active_.begin(), was_active_.end(), std::uint8_t{0});
        recent_.keep(small_.pixels(), dt_ms);
        return result;
    }
    result.state = GlobalState::Normal;
    if (dt_ms > kTracksLostAfter_ms) tracker_.clear();
    keepRealBlobs(finder_.find(states_, small_.pixels(), background_), result);
    tracker_.follow(kept_, small_.grid(), dt_ms, result.rejected);
    report(result);
    learn(dt_ms);
    recent_.keep(small_.pixels(), dt_ms);
    return result;
}

void Detector::Pipeline::followLight() {
    const auto change = findLightChange(small_.sums(), background_.sums());
    if (change) background_.applyLight(*change);
}

/// Returns how many blocks changed for whatever reason.
std::size_t Detector::Pipeline::classify(MotionResult& result) {
    const Grid& grid = small_.grid();
    const auto& counts = background_.counts();
    std::size_t changed = 0;
    int ignored = 0;
    for (std::size_t i = 0; i < states_.size(); ++i) {
        states_[i] = BlockState::Quiet;
        if (counts[i] < kGrowthPixels) continue;
        if (zones_.ignored(i)) {
            ignored += counts[i] >= kSeedPixels ? 1 : 0;
            continue;
        }
        ++changed;
        if (counts[i] < kSeedPixels) {
            states_[i] = BlockState::Growth;
            continue;
        }
        const std::size_t at = grid.pixelOf(i);
        switch (compareSurface(small_.pixels() + at, background_.pixels() + at, grid.stride(),
                               background_.noise_q4(i), background_.threshold(i))) {
            case Surface::New:
                states_[i] = BlockState::Seed;
                break;
            case Surface::Flat:
                states_[i] = BlockState::FlatSeed;
                break;
            case Surface::SameUnderOtherLight:
                states_[i] = BlockState::Lit;
                break;
        }
    }
    count(result, Rejection::IgnoreZone, ignored);
    return changed;
}

void Detector::Pipeline::keepRealBlobs(std::span<const FoundBlob> found, MotionResult& result) {
    kept_.clear();
    for (FoundBlob blob : found) {
        if (std::max(blob.box.height(), blob.box.width()) < min_side_px_) {
            count(result, Rejection::TooSmall);
        } else if (blob.lit_beside > 2 * blob.new_seeds && blob.lit_beside > blob.seeds) {
            count(result, Rejection::Illumination);
        } else {
            for (const std::uint16_t block : finder_.blocksOf(blob)) {
                blob.moving += recent_.differs(small_.pixels(), block, background_.threshold(block)) ? 1 : 0;
            }
            kept_.push_back(blob);
        }
    }
}

std::uint16_t Detector::Pipeline::zonesTouched(std::size_t track) const {
    // A quarter of the blob, or half of the zone where that is less: a person is taller than a small zone.
    std::array<int, kMaxZones> inside{};
    int blocks = 0;
    for (std::size_t b = 0; b < kept_.size(); ++b) {
        if (tracker_.trackOf(b) != static_cast<int>(track)) continue;
        for (const std::uint16_t block : finder_.blocksOf(kept_[b])) {
            ++blocks;
            for (unsigned mask = zones_.mask(block), zone = 0; mask != 0; mask >>= 1U, ++zone)
                inside[zone] += mask & 1U;
        }
    }
    std::uint16_t touched = 0;
    for (std::size_t zone = 0; zone < settings_.zones.size(); ++zone) {
        const bool enough = inside[zone] * 4 >= blocks || inside[zone] * 2 >= zones_.blocksOf(zone);
        if (inside[zone] > 0 && enough) touched = static_cast<std::uint16_t>(touched | (1U << zone));
    }
    return touched;
}

void Detector::Pipeline::report(MotionResult& result) {
    const auto w = static_cast<float>(small_.grid().width_px);
    const auto h = static_cast<float>(small_.grid().height_px);
    const auto tracks = tracker_.tracks();
    for (std::size_t i = 0; i < tracks.size(); ++i) {
        const Track& track = tracks[i];
        if (!track.observed || result.blobs.size() >= kMaxBlobs) continue;
        Blob blob;
        blob.box = {static_cast<float>(track.box.left) / w, static_cast<float>(track.box.top) / h,
                    static_cast<float>(track.box.width()) / w, static_cast<float>(track.box.height()) / h};
        blob.confidence = confidenceOf(track);
        blob.track = track.id;
        blob.zones_touched = zonesTouched(i);
        const bool counts = zones_.includeBits() == 0 || (blob.zones_touched & zones_.includeBits()) != 0;
        if (track.confirmed && !counts) count(result, Rejection::OutsideZones);
        blob.confirmed = track.confirmed && counts;
        result.active = result.active || blob.confirmed;
        result.blobs.push_back(blob);
    }
}

/// Nothing is learnt under a track, and one block around it: the soft border of an object must not be either.
void Detector::Pipeline::holdUnder(const Track& track) {
    const Grid& grid = small_.grid();
    const PixelBox around = track.box.grown(kBlock_px / 2);
    const int last_row = std::min((around.bottom - 1) / kBlock_px, grid.rows - 1);
    const int last_column = std::min((around.right - 1) / kBlock_px, grid.columns - 1);
    for (int row = std::max(around.top, 0) / kBlock_px; row <= last_row; ++row) {
        for (int column = std::max(around.left, 0) / kBlock_px; column <= last_column; ++column) {
            const std::size_t block = grid.index(column, row);
            if (states_[block] != BlockState::Lit) learning_[block] = Learning::Hold;
        }
    }
}

void Detector::Pipeline::learn(int dt_ms) {
    for (std::size_t i = 0; i < states_.size(); ++i) {
        learning_[i] = states_[i] == BlockState::Quiet ? Learning::Quiet
                       : states_[i] == BlockState::Lit ? Learning::Light
                                                       : Learning::Slow;
    }
    for (const Track& track : tracker_.tracks()) {
        if (track.confirmed) holdUnder(track);
    }
    for (std::size_t i = 0; i < states_.size(); ++i) {
        const bool active = states_[i] != BlockState::Quiet;
        if (active && was_active_[i] == 0 && learning_[i] != Learning::Hold) background_.addFlicker(i);
        was_active_[i] = active ? 1 : 0;
    }
    for (const Track& track : tracker_.tracks()) {
        if (!track.confirmed && track.age_ms <= kLongestCandidate_ms) holdUnder(track);
    }
    background_.learn(small_.pixels(), learning_, dt_ms);
    background_.forgetFlicker(dt_ms);
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

MotionResult Detector::process(const LumaPlane& plane, BootTime captured_at) {
    return pipeline_->process(plane, captured_at);
}

}  // namespace camgate::motion
