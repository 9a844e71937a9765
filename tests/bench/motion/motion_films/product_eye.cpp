#include <stdexcept>

#include "bench/motion/motion_films/eye.hpp"
#include "motion/detector.hpp"

namespace camgate::bench {
namespace {

/// Films begin some time after boot.
constexpr Duration kBoot = std::chrono::seconds(50);

template <typename T>
T orThrow(Result<T> result) {
    if (!result) throw std::runtime_error(result.error().describe());
    return std::move(*result);
}

class ProductEye final : public Eye {
  public:
    Sight look(std::span<const std::uint8_t> luma, int width_px, int height_px, Duration at) override {
        const auto plane =
            orThrow(motion::LumaPlane::of(luma, width_px, height_px, static_cast<std::size_t>(width_px)));
        const motion::MotionResult result = detector_.process(plane, BootTime(kBoot + at));
        Sight sight{result.active, {}, {}};
        if (result.scene != motion::SceneState::Ok) sight.scene = toString(result.scene);
        for (const motion::Blob& blob : result.blobs) {
            const motion::Box& box = blob.box;
            if (blob.confirmed) sight.boxes.push_back({box.x, box.y, box.x + box.w, box.y + box.h});
        }
        return sight;
    }

  private:
    motion::Detector detector_ = orThrow(motion::Detector::create({}));
};

}  // namespace

EyeKind productEye() {
    return {"camgate", [] { return std::make_unique<ProductEye>(); }};
}

}  // namespace camgate::bench
