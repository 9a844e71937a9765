#include "app/footage_fan.hpp"

#include <utility>

#include "base/log.hpp"

namespace camgate::app {

FootageFan::~FootageFan() {
    tellOver("removed");
}

Status FootageFan::watch(media::StreamKind stream, uplink::LiveViewer& viewer) {
    if (paused_) return fail(ErrorKind::FailedPrecondition, "its owner paused the camera");
    tellOver("removed");
    watched_ = stream;
    viewer_ = &viewer;
    beginFileAnew();
    return {};
}

void FootageFan::beginFileAnew() {
    const auto& config = configs_[static_cast<std::size_t>(watched_)];
    if (viewer_ == nullptr || !config) return;
    auto first = file_.begin(*config, clock_.wallNow().time);
    if (!first) return giveUp(first.error());
    viewer_->onFile(std::move(*first));
}

void FootageFan::onStreamConfig(media::StreamKind stream, media::DecoderConfig config) {
    auto& known = configs_[static_cast<std::size_t>(stream)];
    if (known != config) {
        known = config;
        if (watched_ == stream) beginFileAnew();
    }
    ring_.onStreamConfig(stream, std::move(config));
}

Status FootageFan::onAccessUnit(media::AccessUnit unit) {
    if (viewer_ != nullptr && watched_ == unit.stream) show(unit);
    return ring_.onAccessUnit(std::move(unit));
}

void FootageFan::show(const media::AccessUnit& unit) {
    auto fragment = file_.add(unit, viewer_->hasRoom());
    if (!fragment) return giveUp(fragment.error());
    if (!fragment->empty()) viewer_->onFragment(std::move(*fragment), unit.decode_time);
}

void FootageFan::giveUp(const Error& why) {
    logEvent(LogLevel::Warning, "app", "live-failed", {{"why", why}});
    tellOver("failed");
}

void FootageFan::onInterrupted() {
    file_.interrupt();
    ring_.onInterrupted();
}

void FootageFan::onPause(bool paused) {
    paused_ = paused;
    if (paused) tellOver("paused");
    ring_.onPause(paused);
}

void FootageFan::tellOver(std::string_view reason) {
    if (auto* viewer = std::exchange(viewer_, nullptr)) viewer->onOver(reason);
}

}  // namespace camgate::app
