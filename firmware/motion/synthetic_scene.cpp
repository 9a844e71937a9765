#include "motion/synthetic_scene.hpp"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <string>

namespace camgate::motion {
namespace {

constexpr std::size_t kNoise_bytes = 1U << 16U;

std::uint32_t mix(std::uint64_t value) {
    value = (value ^ (value >> 30U)) * 0xBF58476D1CE4E5B9ULL;
    value = (value ^ (value >> 27U)) * 0x94D049BB133111EBULL;
    return static_cast<std::uint32_t>(value >> 32U);
}

std::uint32_t mix(std::uint32_t seed, std::uint32_t a, std::uint32_t b) {
    return mix((std::uint64_t{mix((std::uint64_t{seed} << 32U) + a + 0x9E3779B9U)} << 32U) + b + 0x7F4A7C15U);
}

/// -1..1, smooth over `cell_px`.
float valueNoise(std::uint32_t seed, int x, int y, int cell_px) {
    const int column = x / cell_px;
    const int row = y / cell_px;
    const float fx = static_cast<float>(x % cell_px) / static_cast<float>(cell_px);
    const float fy = static_cast<float>(y % cell_px) / static_cast<float>(cell_px);
    const auto corner = [&](int dx, int dy) {
        return static_cast<float>(
                   mix(seed, static_cast<std::uint32_t>(column + dx), static_cast<std::uint32_t>(row + dy)) &
                   0xFFFFU) /
                   32768.0F -
               1.0F;
    };
    const float above = corner(0, 0) * (1 - fx) + corner(1, 0) * fx;
    const float below = corner(0, 1) * (1 - fx) + corner(1, 1) * fx;
    return above * (1 - fy) + below * fy;
}

std::uint8_t groundAt(const SyntheticSettings& s, int x, int y) {
    const auto unit = static_cast<float>(s.height_px) / 90.0F;  // the texture is the same at every resolution
    const auto cell = [unit](float size) { return std::max(static_cast<int>(size * unit), 2); };
    const int wall_bottom = s.height_px * 3 / 10;
    float level = 105.0F + 24.0F * valueNoise(s.seed, x, y, cell(22)) +
                  12.0F * valueNoise(s.seed + 1, x, y, cell(6)) +
                  9.0F * valueNoise(s.seed + 2, x, y, cell(2));
    if (y < wall_bottom) {
        level = 150.0F + 10.0F * valueNoise(s.seed + 3, x, y, cell(10)) +
                5.0F * valueNoise(s.seed + 4, x, y, cell(2));
        const int course = cell(4);
        const bool joint = y % course == 0 || (x + (y / course % 2) * course) % (2 * course) == 0;
        if (joint) level -= 30.0F;
    }
    return static_cast<std::uint8_t>(std::clamp(level, 20.0F, 230.0F));
}

void addNoise(const std::int8_t* __restrict noise, std::uint8_t* __restrict row, std::size_t width) {
    for (std::size_t x = 0; x < width; ++x) {
        const int value = row[x] + noise[x];
        row[x] = static_cast<std::uint8_t>(value < 0 ? 0 : value > 255 ? 255 : value);
    }
}

}  // namespace

Result<SyntheticScene> SyntheticScene::create(const SyntheticSettings& s) {
    using std::chrono::hours;
    using std::chrono::seconds;
    const auto bad = [](const std::string& what) {
        return fail(ErrorKind::InvalidArgument, "synthetic scene: " + what);
    };
    if (s.width_px < 32 || s.width_px > 4096 || s.height_px < 32 || s.height_px > 4096)
        return bad("sides 32 to 4096 px");
    if (s.fps < 1 || s.fps > 60) return bad("1 to 60 fps");
    if (s.empty < seconds(0) || s.empty > hours(1)) return bad("empty for 0 to 3600 s");
    if (s.walk < seconds(1) || s.walk > hours(1)) return bad("a walk of 1 to 3600 s");
    if (!(s.walker_height >= 0.02F && s.walker_height <= 0.9F))
        return bad("a walker of 0.02 to 0.9 of the height");
    if (s.contrast < 0 || s.contrast > 120) return bad("contrast 0 to 120");
    if (!(s.noise_sigma >= 0 && s.noise_sigma <= 20)) return bad("noise sigma 0 to 20");
    return SyntheticScene(s);
}

SyntheticScene::SyntheticScene(const SyntheticSettings& settings) : settings_(settings) {
    ground_.reserve(static_cast<std::size_t>(settings_.width_px) *
                    static_cast<std::size_t>(settings_.height_px));
    for (int y = 0; y < settings_.height_px; ++y) {
        for (int x = 0; x < settings_.width_px; ++x) ground_.push_back(groundAt(settings_, x, y));
    }
    noise_.resize(kNoise_bytes + static_cast<std::size_t>(settings_.width_px));
    for (std::size_t i = 0; i < noise_.size(); ++i) {
        // Twelve uniform numbers have variance 1 together.
        float sum = -6.0F;
        for (std::uint32_t k = 0; k < 12; ++k) {
            sum += static_cast<float>(mix(settings_.seed + 7, static_cast<std::uint32_t>(i), k) >> 8U) /
                   16'777'216.0F;
        }
        noise_[i] =
            static_cast<std::int8_t>(std::lround(std::clamp(sum * settings_.noise_sigma, -120.0F, 120.0F)));
    }
}

Duration SyntheticScene::timeOf(std::uint64_t index) const {
    return Duration(
        static_cast<Duration::rep>(index * 1'000'000'000ULL / static_cast<std::uint64_t>(settings_.fps)));
}

std::optional<Walker> SyntheticScene::walkerAt(std::uint64_t index) const {
    const Duration time = timeOf(index);
    const Duration cycle = settings_.empty + settings_.walk;
    const auto number = static_cast<std::uint32_t>(time / cycle);
    const Duration walked = time % cycle - Duration(settings_.empty);
    if (walked < Duration(0)) return std::nullopt;
    const std::uint32_t dice = mix(settings_.seed, 1000, number);
    const bool to_the_right = (dice & 1U) != 0;
    const bool bright = (dice & 2U) != 0;
    const auto w = static_cast<float>(settings_.width_px);
    const auto h = static_cast<float>(settings_.height_px);
    const float body = settings_.walker_height * h;
    const float half = 0.24F * body;  // arms, legs and a foot reach no further
    const float part =
        static_cast<float>(walked.count()) / static_cast<float>(Duration(settings_.walk).count());
    const float along = -half + part * (w + 2 * half);
    const float x = to_the_right ? along : w - along;
    const float highest = std::max(0.5F * h, body);
    const float feet =
        std::min(highest + static_cast<float>(dice >> 8U & 0xFFU) / 255.0F * (0.95F * h - highest), h - 1);
    // Two steps for each body length.
    const float phase = 2.0F * along / body;
    return Walker(x, feet, body, phase, to_the_right, 105, bright ? settings_.contrast : -settings_.contrast);
}

Status SyntheticScene::render(std::uint64_t index, std::span<std::uint8_t> luma) const {
    if (luma.size() != ground_.size())
        return fail(ErrorKind::InvalidArgument, "synthetic scene: wrong picture size");
    std::memcpy(luma.data(), ground_.data(), ground_.size());
    if (const auto walker = walkerAt(index)) walker->draw(luma, settings_.width_px, settings_.height_px);
    if (settings_.noise_sigma <= 0) return {};
    const auto width = static_cast<std::size_t>(settings_.width_px);
    for (int y = 0; y < settings_.height_px; ++y) {
        const std::uint32_t offset =
            mix(settings_.seed, static_cast<std::uint32_t>(index), static_cast<std::uint32_t>(y)) %
            kNoise_bytes;
        addNoise(noise_.data() + offset, luma.data() + static_cast<std::size_t>(y) * width, width);
    }
    return {};
}

std::optional<Box> SyntheticScene::truth(std::uint64_t index) const {
    const auto walker = walkerAt(index);
    if (!walker) return std::nullopt;
    const PixelExtent all = walker->extent();
    const auto w = static_cast<float>(settings_.width_px);
    const auto h = static_cast<float>(settings_.height_px);
    const float left = std::clamp(all.left, 0.0F, w);
    const float right = std::clamp(all.right, 0.0F, w);
    const float top = std::clamp(all.top, 0.0F, h);
    const float bottom = std::clamp(all.bottom, 0.0F, h);
    if (right - left < 1 || bottom - top < 1) return std::nullopt;
    return Box{left / w, top / h, (right - left) / w, (bottom - top) / h};
}

bool SyntheticScene::fullyInside(std::uint64_t index) const {
    const auto walker = walkerAt(index);
    if (!walker) return false;
    const PixelExtent all = walker->extent();
    return all.left >= 0 && all.top >= 0 && all.right <= static_cast<float>(settings_.width_px) &&
           all.bottom <= static_cast<float>(settings_.height_px);
}

}  // namespace camgate::motion
