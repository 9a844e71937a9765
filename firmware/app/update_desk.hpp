// Updates in the daemon: keeps the updater and its files' thread, answers hub and console. Outlives the
// gateway, which some changes of the configuration make anew. Loop thread only. Implements docs/ref/cli.md
// (update, machine) and docs/ref/update.md.
#pragma once

#include <memory>
#include <string>

#include "app/bundle_fetch.hpp"
#include "app/priv_installer.hpp"
#include "base/task_thread.hpp"
#include "control/control_server.hpp"
#include "update/updater.hpp"
#include "uplink/audit_link.hpp"
#include "uplink/providers.hpp"

namespace camgate::app {

/// The gateway as far as its updates go.
class Updated {
  public:
    virtual ~Updated() = default;
    virtual update::Health updateHealth() const = 0;
    /// What a bundle may take of the line; 0: all of it.
    virtual std::uint64_t bundleBytesPerSecond() const = 0;
    /// What is reported of the update is another now.
    virtual void updateChanged() = 0;
    /// The hub is to bring a bundle, or the rest of one.
    virtual void bundleWanted() = 0;
    virtual void audit(const uplink::AuditRecord& entry) = 0;
};

struct UpdateDeskOptions {
    std::string data_folder;
    std::string own_version;  ///< what runs
    bool on_a_box = false;    ///< else the machine is somebody's, and not restarted from here
};

class UpdateDesk final : public uplink::FirmwareUpdates, public uplink::Machine {
  public:
    using Answer = control::ControlBackend::Answer;

    UpdateDesk(EventLoop& loop, FileSystem& files, ipc::Launcher& launcher, UpdateDeskOptions options);

    /// Who runs now; null: nobody. With the first the updater takes up what was under way.
    void lead(Updated* gateway);

    /// For the console; parameters as JSON texts that fit the command table.
    void call(const std::string& who, std::string_view command, const std::string& parameters, Answer answer);

    void order(const uplink::UpdateOrder& order, std::function<void(Result<std::string>)> answer) override;
    std::string statusJson() const override;
    std::optional<uplink::WantedBundle> wantedBundle() const override;
    void deliver(std::uint64_t offset, Bytes bytes, std::function<void(Status)> written) override;
    void undeliverable(const Error& why) override { updater_.onDeliveryFailed(why); }

    Status mayRestart() const override;
    void restart() override;

  private:
    void begin(const std::string& who, const std::string& parameters, Answer answer);
    void write(const std::string& parameters, Answer answer);
    void restartFor(const std::string& who, Answer answer);
    void setNetwork(const std::string& who, const std::string& parameters, Answer answer);
    void audit(const std::string& who, const char* action, const char* outcome,
               const std::string& detail_json);
    void showStatus(const Answer& answer) const;
    void onChanged();
    void fetch(const update::Order& order, std::uint64_t have_bytes);
    void audit(const update::UpdateRecord& record);

    EventLoop& loop_;
    UpdateDeskOptions options_;
    PrivInstaller installer_;
    Updated* gateway_ = nullptr;
    bool started_ = false;
    std::vector<uplink::AuditRecord> unsaid_;  ///< while nobody runs
    BundleFetch fetch_;
    std::string from_hub_;  ///< hash of the bundle whose rest the hub is to bring
    update::Updater updater_;
    TaskThread thread_{"update", 64};  // last: ends before what its jobs touch
};

}  // namespace camgate::app
