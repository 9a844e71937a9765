// camgated put together: makes every room's object, hands each what it borrows, starts and stops them in
// order. The one place that knows them all. Loop thread only. Implements docs/design/processes.md (Start and
// stop).
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "app/clip_desk.hpp"
#include "app/clip_door.hpp"
#include "app/config_desk.hpp"
#include "app/control_desk.hpp"
#include "app/credentials.hpp"
#include "app/event_desk.hpp"
#include "app/gateway_view.hpp"
#include "app/identity_trial.hpp"
#include "app/ledger.hpp"
#include "app/line_desk.hpp"
#include "app/liveness.hpp"
#include "app/open_metrics.hpp"
#include "app/pause_desk.hpp"
#include "app/secret_door.hpp"
#include "app/storage_desk.hpp"
#include "app/storage_jobs.hpp"
#include "app/update_desk.hpp"
#include "base/task_thread.hpp"
#include "config/board.hpp"
#include "control/control_server.hpp"
#include "uplink/uplink.hpp"

namespace camgate::app {

struct DaemonOptions {
    config::Configuration configuration;
    config::Board board;
    std::string data_folder;
    std::string card_folder;  ///< of the ring; a mount of its own on a box
    std::string control_socket;
    std::string config_folder;  ///< relative paths of the configuration count from here
    /// The configuration is another in what only a new Daemon can follow: stop this one, make that.
    std::function<void()> make_anew;
    /// After a factory reset: ends the program as failed, so that its service manager starts it again.
    std::function<void()> start_over;
    std::string firmware;       ///< as updates compare it
    std::string last_end;       ///< how the run before ended, for people; empty: not known
    control::Tickets& tickets;  ///< outlive the daemon
};

class Daemon final : public Configured, public Updated, private CameraObserver {
  public:
    /// The desks outlive it.
    Daemon(EventLoop& loop, FileSystem& files, ipc::Launcher& launcher, ConfigDesk& configuration_desk,
           UpdateDesk& update_desk, DaemonOptions options);
    ~Daemon() override;

    /// FailedPrecondition: another daemon answers at the control socket. All else is a state, not an error.
    [[nodiscard]] Status start();
    /// `done` is called once everybody has been told; then this may be destroyed, which writes the last
    /// footage.
    void stop(std::function<void()> done);

    void follow(const config::Configuration& configuration) override;
    config::Health health() const override;
    std::string unwrapCertificate() const override;
    /// For the watchdog.
    Work work() const;
    void configurationChanged() override { uplink_.configurationChanged(); }
    update::Health updateHealth() const override;
    /// Half of the family's cap: alarms and clips have the other.
    std::uint64_t bundleBytesPerSecond() const override { return uplink_.lineBytesPerSecond() / 2; }
    void updateChanged() override { uplink_.statusChanged(); }
    void bundleWanted() override { uplink_.bundleWanted(); }
    void audit(const uplink::AuditRecord& entry) override { uplink_.audit(entry); }

  private:
    void onCameraState(const CameraSession&) override { uplink_.statusChanged(); }
    void onEventUpdate(CameraSession& camera, const events::EventUpdate& update) override {
        desk_.onUpdate(camera, update);
    }
    void onRingOpen(ring::Ring& ring);
    void onRingClose();
    ClipDesk::Audit auditor();
    LedgerPorts ledgerPorts();
    LedgerOptions ledgerOptions() const;
    std::optional<crypto::Identity> evidenceKey() const;
    std::optional<crypto::Certificate> hubAuthority() const;
    ipc::LinkSettings linkSettings(const std::string& client_id) const;
    ipc::LinkSettings controlSettings();
    ipc::LinkSettings bulkSettings() const;
    std::shared_ptr<uplink::CommandGate> commandGate();
    void onTrusted(const uplink::Trust& trust);
    uplink::RenewalSettings renewalSettings();
    void makeAnew();
    EnrolPorts enrolPorts();
    LinePorts linePorts();
    void sayWhatIsUnusable() const;

    std::string metrics(std::uint64_t revision) const;
    void followCameras();
    PausePorts pausePorts();
    void followPause(const std::string& camera);
    std::unique_ptr<CameraSession> newSession(const config::CameraConfig& camera);

    EventLoop& loop_;
    FileSystem& files_;
    ipc::Launcher& launcher_;
    DaemonOptions options_;
    Credentials credentials_;
    outbox::AsyncOutbox outbox_;
    LinkTransport control_;
    LinkTransport bulk_;
    Recorder recorder_;
    ClipDoor clips_;
    std::vector<std::unique_ptr<CameraSession>> cameras_;
    GatewayView view_;
    IdentityTrial trial_;
    SecretDoor secret_door_;
    uplink::Uplink uplink_;
    Ledger ledger_;
    EventDesk desk_;
    ClipDesk clip_desk_;
    StorageDesk storage_desk_;
    StorageJobs storage_jobs_;
    EraseDesk erase_desk_;
    FactoryDesk factory_desk_;
    PauseDesk pause_desk_;
    CameraDesk camera_desk_;
    ConfigConsole config_console_;
    EnrolDesk enrol_desk_;
    LineDesk line_desk_;
    ControlDesk control_desk_;
    control::Login login_;
    std::unique_ptr<control::ControlServer> server_;
    bool leaving_ = false;
    LoopHandle leave_;
    TaskThread state_thread_{"state", 256};  // last: ends before what its jobs touch
};

}  // namespace camgate::app
