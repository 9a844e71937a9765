#include "app/camera_sink.hpp"

#include <utility>

#include "base/log.hpp"

namespace camgate::app {
namespace {

constexpr std::array kStreams{media::StreamKind::Main, media::StreamKind::Sub};

}  // namespace

void CameraSink::onStreamConfig(media::StreamKind stream, media::DecoderConfig config) {
    configs_[static_cast<std::size_t>(stream)] = std::move(config);
    if (attached_) applyConfig(stream);
}

Status CameraSink::onAccessUnit(media::AccessUnit unit) {
    if (attached_) return batcher_.add(tag_, std::move(unit));
    ++dropped_before_;
    return {};
}

void CameraSink::onInterrupted() {
    if (!attached_) return;
    for (const auto stream : kStreams) batcher_.noteGap(tag_, stream, ring::GapReason::CameraLost);
}

void CameraSink::onPause(bool paused) {
    paused_ = paused;
    if (!paused || !attached_) return;
    for (const auto stream : kStreams) batcher_.noteGap(tag_, stream, ring::GapReason::Paused);
}

void CameraSink::attach(std::uint64_t next_main, std::uint64_t next_sub) {
    attached_ = true;
    batcher_.addCamera(tag_, share_bytes_);
    batcher_.addStream(tag_, media::StreamKind::Main, next_main, camera_.main_class);
    batcher_.addStream(tag_, media::StreamKind::Sub, next_sub, camera_.sub_class);
    for (const auto stream : kStreams) applyConfig(stream);
    onPause(paused_);
}

void CameraSink::setShare(std::size_t share_bytes) {
    share_bytes_ = share_bytes;
    if (attached_) batcher_.addCamera(tag_, share_bytes_);
}

void CameraSink::detach() {
    attached_ = false;
    dropped_before_ = dropped();
    batcher_.removeCamera(tag_);
}

void CameraSink::applyConfig(media::StreamKind stream) {
    const auto& config = configs_[static_cast<std::size_t>(stream)];
    if (!config) return;
    if (auto set = batcher_.setConfig(tag_, stream, *config); !set) {
        logEvent(LogLevel::Warning, "ring", "stream-config-refused",
                 {{"camera", camera_.id}, {"why", set.error()}});
    }
}

}  // namespace camgate::app
