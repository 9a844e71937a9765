// Answers the control socket's commands. Loop thread only. Implements docs/ref/cli.md (Control socket).
#pragma once

#include "app/clip_desk.hpp"
#include "app/config_console.hpp"
#include "app/erase_desk.hpp"
#include "app/gateway_view.hpp"
#include "app/storage_desk.hpp"
#include "app/storage_jobs.hpp"
#include "control/control_server.hpp"
#include "outbox/async_outbox.hpp"

namespace camgate::app {

class ControlDesk final : public control::ControlBackend {
  public:
    ControlDesk(GatewayView& view, ClipDesk& clips, StorageDesk& storage, StorageJobs& jobs,
                EraseDesk& erasing, ConfigConsole& configuration, outbox::AsyncOutbox& outbox)
        : view_(view),
          clips_(clips),
          storage_(storage),
          jobs_(jobs),
          erasing_(erasing),
          configuration_(configuration),
          outbox_(outbox) {}

    void call(std::string_view command, const std::string& parameters, Answer answer) override;

  private:
    void events(const std::string& parameters, Answer answer);
    void snapshot(const std::string& parameters, Answer answer);

    GatewayView& view_;
    ClipDesk& clips_;
    StorageDesk& storage_;
    StorageJobs& jobs_;
    EraseDesk& erasing_;
    ConfigConsole& configuration_;
    outbox::AsyncOutbox& outbox_;
};

}  // namespace camgate::app
