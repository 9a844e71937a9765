#include "bench/ring/ring_writes/household.hpp"

#include <cstdio>
#include <cstdlib>
#include <random>
#include <thread>

namespace camgate::bench {
namespace {

constexpr std::uint64_t kPicturesPerSecond = 15;
constexpr std::uint64_t kPicturesPerGroup = 30;
constexpr std::size_t kKeyPictureWeight = 8;  ///< as large as so many others
constexpr std::size_t kQuota_bytes = 24U << 20U;
constexpr std::size_t kNoise_bytes = 8U << 20U;

struct StreamShape {
    media::StreamKind kind;
    media::DecoderConfig config;
    std::size_t group_bytes;
    std::size_t pictureBytes(bool key) const {
        const std::size_t unit = group_bytes / (kPicturesPerGroup - 1 + kKeyPictureWeight);
        return key ? kKeyPictureWeight * unit : unit;
    }
};

const std::array<StreamShape, 2>& shapes() {
    static const std::array<StreamShape, 2> kShapes{
        {{media::StreamKind::Main, {media::Codec::H264, 1920, 1080, Bytes(40, 1)}, 2'000'000 / 8 * 2},
         {media::StreamKind::Sub, {media::Codec::H264, 640, 360, Bytes(40, 2)}, 256'000 / 8 * 2}}};
    return kShapes;
}

void require(const Status& done) {
    if (done) return;
    std::fprintf(stderr, "%s\n", done.error().describe().c_str());
    std::exit(1);
}

}  // namespace

Household::Household(std::size_t cameras)
    : batcher_({.boot_session = 1}, clock_), cameras_(cameras), noise_(kNoise_bytes) {
    std::mt19937_64 dice(cameras);
    for (auto& byte : noise_) byte = static_cast<std::uint8_t>(dice());
    for (std::uint64_t camera = 1; camera <= cameras; ++camera) {
        batcher_.addCamera(camera, kQuota_bytes);
        for (const StreamShape& shape : shapes()) {
            batcher_.addStream(camera, shape.kind, 1);
            require(batcher_.setConfig(camera, shape.kind, shape.config));
        }
    }
}

void Household::run(std::chrono::seconds duration, bool paced, const Store& store) {
    const auto began = std::chrono::steady_clock::now();
    const BootTime from = clock_.bootNow();
    while (clock_.bootNow() - from < duration) {
        sendPictures();
        clock_.advance(Duration(std::chrono::seconds(1)) / kPicturesPerSecond);
        if (paced) std::this_thread::sleep_until(began + (clock_.bootNow() - from));
        const auto due = batcher_.nextDue();
        if (due && *due <= clock_.bootNow()) store(batcher_.takeDue());
    }
}

void Household::sendPictures() {
    // Cameras do not begin their groups together.
    for (std::uint64_t camera = 1; camera <= cameras_; ++camera) {
        const bool key = (pictures_ + 7 * camera) % kPicturesPerGroup == 0 || pictures_ == 0;
        for (const StreamShape& shape : shapes()) {
            media::AccessUnit unit;
            unit.stream = shape.kind;
            unit.random_access = key ? media::RandomAccess::Idr : media::RandomAccess::None;
            unit.config_id = shape.config.id();
            unit.decode_time = unit.presentation_time = clock_.bootNow();
            unit.bytes = picture(shape.pictureBytes(key));
            require(batcher_.add(camera, std::move(unit)));
        }
    }
    ++pictures_;
}

Bytes Household::picture(std::size_t size) {
    if (noise_at_ + size > noise_.size()) noise_at_ = 0;
    const auto from = noise_.begin() + static_cast<std::ptrdiff_t>(noise_at_);
    noise_at_ += size / 2 + 1;
    return {from, from + static_cast<std::ptrdiff_t>(size)};
}

}  // namespace camgate::bench
