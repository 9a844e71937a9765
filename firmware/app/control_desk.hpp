// Answers the control socket's commands. Loop thread only. Implements docs/ref/cli.md (Control socket).
#pragma once

#include "app/gateway_view.hpp"
#include "clip/clip.hpp"
#include "control/control_server.hpp"
#include "outbox/async_outbox.hpp"

namespace camgate::app {

class ControlDesk final : public control::ControlBackend {
  public:
    ControlDesk(GatewayView& view, clip::ClipSource& clips, outbox::AsyncOutbox& outbox)
        : view_(view), clips_(clips), outbox_(outbox) {}

    void call(std::string_view command, const std::string& parameters, Answer answer) override;

  private:
    void events(const std::string& parameters, Answer answer);
    void planClip(const std::string& parameters, Answer answer);
    void readClip(const std::string& parameters, Answer answer);
    void releaseClip(const std::string& parameters, const Answer& answer);
    void snapshot(const std::string& parameters, Answer answer);

    GatewayView& view_;
    clip::ClipSource& clips_;
    outbox::AsyncOutbox& outbox_;
};

}  // namespace camgate::app
