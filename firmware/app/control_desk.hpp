// Answers the control socket's commands. Loop thread only. Implements docs/ref/cli.md (Control socket).
#pragma once

#include <functional>
#include <string>
#include <utility>

#include "app/camera_desk.hpp"
#include "app/clip_desk.hpp"
#include "app/config_console.hpp"
#include "app/enrol_desk.hpp"
#include "app/erase_desk.hpp"
#include "app/factory_desk.hpp"
#include "app/gateway_view.hpp"
#include "app/line_desk.hpp"
#include "app/pause_desk.hpp"
#include "app/storage_desk.hpp"
#include "app/storage_jobs.hpp"
#include "app/update_desk.hpp"
#include "control/control_server.hpp"
#include "outbox/async_outbox.hpp"

namespace camgate::app {

/// Who answers what.
struct ControlDesks {
    GatewayView& view;
    ClipDesk& clips;
    StorageDesk& storage;
    StorageJobs& jobs;
    EraseDesk& erasing;
    FactoryDesk& factory;
    PauseDesk& pauses;
    CameraDesk& cameras;
    ConfigConsole& configuration;
    EnrolDesk& enrolment;
    LineDesk& line;
    UpdateDesk& updates;
    outbox::AsyncOutbox& outbox;
    std::function<std::string()> metrics;  ///< as OpenMetrics text
};

class ControlDesk final : public control::ControlBackend {
  public:
    explicit ControlDesk(ControlDesks desks) : desks_(std::move(desks)) {}

    void call(const std::string& who, std::string_view command, const std::string& parameters,
              Answer answer) override;

  private:
    void events(const std::string& parameters, Answer answer);
    void audit(const std::string& parameters, Answer answer);
    void snapshot(const std::string& parameters, Answer answer);

    ControlDesks desks_;
};

}  // namespace camgate::app
