// The configuration's home in the daemon: keeps revisions and secrets on a thread of their own, tries what is
// proposed on the gateway that runs, answers hub and console. Outlives the gateway, which some changes make
// anew. Loop thread only. Implements docs/design/configuration.md and docs/ref/cli.md (config).
#pragma once

#include <memory>
#include <string>

#include "app/config_start.hpp"
#include "base/task_thread.hpp"
#include "config/keeper.hpp"
#include "control/control_server.hpp"
#include "uplink/audit_link.hpp"
#include "uplink/config_sync.hpp"

namespace camgate::app {

/// The gateway as far as its configuration goes.
class Configured {
  public:
    virtual ~Configured() = default;
    /// With secrets. Restarts what is different.
    virtual void follow(const config::Configuration& configuration) = 0;
    virtual config::Health health() const = 0;
    /// PEM of what the hub seals secrets to; empty: there is none.
    virtual std::string unwrapCertificate() const { return {}; }
    /// What is reported of the configuration is another now.
    virtual void configurationChanged() = 0;
    /// Something about it happened that the audit chain holds.
    virtual void audit(const uplink::AuditRecord& entry) = 0;
};

class ConfigDesk final : public uplink::ConfigurationOwner, private config::Applier {
  public:
    using Answer = control::ControlBackend::Answer;

    ConfigDesk(EventLoop& loop, FileSystem& files, const std::string& data_folder, const config::Board& board,
               StartingConfig start);
    ~ConfigDesk() override;

    /// Who runs now; null: nobody.
    void lead(Configured* gateway) { gateway_ = gateway; }
    /// In force or on trial, with secrets.
    config::Configuration configuration() const;
    config::Keeper& keeper() { return keeper_; }
    /// Empty: none any more. `who`: for the audit; empty: whoever calls keeps an entry. `planned`: has a
    /// place for it too, once it is in force. NotFound: no setting takes it; FailedPrecondition: a revision
    /// is on trial.
    void setSecret(const std::string& name, const std::string& value, const std::string& who,
                   std::function<void(Status)> done, const config::Configuration* planned = nullptr);

    void onDesired(const uplink::DesiredConfiguration& desired) override;
    std::string reportedJson() const override;

  private:
    void apply(const config::Configuration& configuration) override;
    config::Health health() const override;
    void save(config::History history, std::function<void(Status)> done);
    void keepOn(std::function<Status()> job, std::function<void(Status)> done);
    void onChanged();
    std::string whoProposed() const;
    void audit(const std::string& who, const std::string& action, const std::string& outcome,
               const std::string& detail_json);

    EventLoop& loop_;
    Configured* gateway_ = nullptr;
    std::optional<config::RevisionStore> store_;  ///< the thread's, once it runs
    SecretStore secret_store_;                    ///< the same
    config::Secrets secrets_;
    config::Keeper keeper_;
    LoopHandle look_;  ///< while a trial is on
    std::shared_ptr<bool> alive_ = std::make_shared<bool>(true);
    TaskThread thread_{"config", 16};  // last: ends before what its jobs touch
};

}  // namespace camgate::app
