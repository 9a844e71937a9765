// One camera's footage on its way to the ring, and to who looks on live. Loop thread only. Implements
// docs/design/live.md.
#pragma once

#include <array>
#include <optional>

#include "app/footage_sink.hpp"
#include "base/clock.hpp"
#include "media/fragment_stream.hpp"
#include "uplink/providers.hpp"

namespace camgate::app {

class FootageFan final : public FootageSink {
  public:
    FootageFan(FootageSink& ring, const Clock& clock) : ring_(ring), clock_(clock) {}
    /// Who looks on is told that the camera is gone.
    ~FootageFan() override;

    /// Instead of who looked on before. FailedPrecondition: paused.
    [[nodiscard]] Status watch(media::StreamKind stream, uplink::LiveViewer& viewer);
    void unwatch() { viewer_ = nullptr; }
    void beginFileAnew();

    void onStreamConfig(media::StreamKind stream, media::DecoderConfig config) override;
    Status onAccessUnit(media::AccessUnit unit) override;
    void onInterrupted() override;
    void onPause(bool paused) override;

  private:
    void tellOver(std::string_view reason);
    void show(const media::AccessUnit& unit);
    void giveUp(const Error& why);

    FootageSink& ring_;
    const Clock& clock_;
    uplink::LiveViewer* viewer_ = nullptr;
    media::StreamKind watched_ = media::StreamKind::Main;
    std::array<std::optional<media::DecoderConfig>, 2> configs_;
    media::FragmentStream file_{std::chrono::milliseconds(500)};
    bool paused_ = false;
};

}  // namespace camgate::app
