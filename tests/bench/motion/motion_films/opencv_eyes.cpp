// OpenCV's models with their own defaults, used as their tutorials do: mask, opening, contours over a least
// area.
#include <opencv2/imgproc.hpp>
#include <opencv2/video/background_segm.hpp>

#include "bench/motion/motion_films/eye.hpp"

namespace camgate::bench {
namespace {

constexpr double kLeastArea = 0.0005;  // of the picture: a walker of about a tenth of its height
constexpr int kForeground = 200;       // shadows are 127
constexpr int kDifference = 25;

cv::Mat matOf(std::span<const std::uint8_t> luma, int width_px, int height_px) {
    // OpenCV takes no pointer to const; nothing here writes through it.
    return {height_px, width_px, CV_8UC1, const_cast<std::uint8_t*>(luma.data())};
}

Sight sightOf(const cv::Mat& mask) {
    std::vector<std::vector<cv::Point>> contours;
    cv::findContours(mask, contours, cv::RETR_EXTERNAL, cv::CHAIN_APPROX_SIMPLE);
    Sight sight;
    const auto w = static_cast<float>(mask.cols);
    const auto h = static_cast<float>(mask.rows);
    for (const auto& contour : contours) {
        if (cv::contourArea(contour) < kLeastArea * static_cast<double>(w * h)) continue;
        const cv::Rect box = cv::boundingRect(contour);
        sight.boxes.push_back({static_cast<float>(box.x) / w, static_cast<float>(box.y) / h,
                               static_cast<float>(box.x + box.width) / w,
                               static_cast<float>(box.y + box.height) / h});
    }
    sight.active = !sight.boxes.empty();
    return sight;
}

class ModelEye final : public Eye {
  public:
    explicit ModelEye(cv::Ptr<cv::BackgroundSubtractor> model) : model_(std::move(model)) {}
    Sight look(std::span<const std::uint8_t> luma, int width_px, int height_px, Duration) override {
        model_->apply(matOf(luma, width_px, height_px), mask_);
        cv::threshold(mask_, mask_, kForeground, 255, cv::THRESH_BINARY);
        cv::morphologyEx(mask_, mask_, cv::MORPH_OPEN, kernel_);
        return sightOf(mask_);
    }

  private:
    cv::Ptr<cv::BackgroundSubtractor> model_;
    cv::Mat mask_, kernel_ = cv::getStructuringElement(cv::MORPH_RECT, {3, 3});
};

class DifferenceEye final : public Eye {
  public:
    Sight look(std::span<const std::uint8_t> luma, int width_px, int height_px, Duration) override {
        const cv::Mat now = matOf(luma, width_px, height_px);
        if (before_.empty()) now.copyTo(before_);
        cv::absdiff(now, before_, mask_);
        cv::threshold(mask_, mask_, kDifference, 255, cv::THRESH_BINARY);
        now.copyTo(before_);
        return sightOf(mask_);
    }

  private:
    cv::Mat before_, mask_;
};

}  // namespace

std::vector<EyeKind> opencvEyes() {
    cv::setNumThreads(1);
    return {{"mog2", [] { return std::make_unique<ModelEye>(cv::createBackgroundSubtractorMOG2()); }},
            {"knn", [] { return std::make_unique<ModelEye>(cv::createBackgroundSubtractorKNN()); }},
            {"absdiff", [] { return std::make_unique<DifferenceEye>(); }}};
}

}  // namespace camgate::bench
