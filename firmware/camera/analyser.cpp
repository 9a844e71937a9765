#include "camera/analyser.hpp"

#include <utility>

namespace camgate::camera {

Analyser::Analyser(EventLoop& loop, int frames_per_second, std::optional<motion::Detector> detector,
                   OnResult on_result)
    : loop_(loop), on_result_(std::move(on_result)), pacer_(frames_per_second) {
    if (detector) analysis_.emplace(std::move(*detector));
}

void Analyser::offer(SamplePtr picture) {
    GstBuffer* buffer = gst_sample_get_buffer(picture.get());
    if (!buffer || !GST_BUFFER_PTS_IS_VALID(buffer)) return;
    bool wake = false;
    {
        const std::lock_guard lock(mutex_);
        if (!pacer_.takes(pictureTime(*picture))) return;
        wake = offered_.empty();
        if (offered_.size() == kMostWaiting) offered_.pop_front();
        offered_.push_back(std::move(picture));
    }
    if (wake) loop_.post([this] { takeOffered(); });
}

void Analyser::setActiveZones(std::uint16_t zones) {
    if (analysis_) analysis_->setActiveZones(zones);
}

SamplePtr Analyser::newest() const {
    return SamplePtr(newest_ ? gst_sample_ref(newest_.get()) : nullptr);
}

void Analyser::takeOffered() {
    std::deque<SamplePtr> pictures;
    {
        const std::lock_guard lock(mutex_);
        pictures.swap(offered_);
    }
    for (SamplePtr& picture : pictures) {
        newest_ = std::move(picture);
        if (analysis_) analyse(*newest_);
    }
}

void Analyser::analyse(GstSample& picture) {
    const auto result = analysis_->look(picture, pictureTime(picture));
    if (!result) return;
    ++analysed_;
    on_result_(*result);
}

}  // namespace camgate::camera
