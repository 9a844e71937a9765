// What the gateway knows of itself, gathered when asked: for the hub's status and telemetry (uplink's
// provider interfaces) and for the control socket. Holds no state of its own. Loop thread only.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "app/camera_session.hpp"
#include "app/link_transport.hpp"
#include "app/recorder.hpp"
#include "outbox/async_outbox.hpp"
#include "uplink/providers.hpp"

namespace camgate::app {

struct GatewayParts {
    const Clock& clock;
    const config::Configuration& configuration;
    const std::vector<std::string>& credential_faults;
    const std::vector<std::unique_ptr<CameraSession>>& cameras;
    const Recorder& recorder;
    const LinkTransport& control;
    const LinkTransport& bulk;
    const outbox::AsyncOutbox& outbox;
    const std::string& firmware;  ///< as updates compare it
    const std::string& last_end;  ///< of the run before; empty: not known
};

class GatewayView final : public uplink::Cameras,
                          public uplink::StatusProvider,
                          public uplink::TelemetryProvider {
  public:
    explicit GatewayView(const GatewayParts& parts) : parts_(parts), started_(parts.clock.bootNow()) {}

    bool exists(const std::string& id) const override { return find(id) != nullptr; }
    std::vector<uplink::CameraStatus> list() const override;
    void snapshot(const std::string& id, std::size_t limit_bytes,
                  std::function<void(Result<uplink::Snapshot>)> answer) override;
    Status watch(const std::string& id, clip::Quality quality, uplink::LiveViewer& viewer) override;
    void unwatch(const std::string& id) override;
    void beginFileAnew(const std::string& id) override;
    uplink::StorageStatus storage() const override;
    uplink::TelemetryFigures telemetry() const override;

    /// JSON texts of docs/ref/cli.md.
    std::string statusJson() const;
    std::string camerasJson() const;
    std::string timeJson() const;

  private:
    CameraSession* find(const std::string& id) const;
    WallTime wallOf(BootTime time) const { return parts_.clock.timeMap().toWall(time); }

    GatewayParts parts_;
    BootTime started_;
};

}  // namespace camgate::app
