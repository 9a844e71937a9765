// camgate-priv as camgated asks it: a worker per verb. Loop thread only. Implements docs/ref/ipc.md (Priv).
#pragma once

#include <map>
#include <memory>

#include "base/event_loop.hpp"
#include "ipc/launcher.hpp"
#include "ipc/priv_messages.hpp"
#include "update/installer.hpp"

namespace camgate::app {

class PrivInstaller final : public update::Installer {
  public:
    /// `own_version`: what runs, whatever RAUC knows of its slot.
    PrivInstaller(EventLoop& loop, ipc::Launcher& launcher, std::string own_version);
    ~PrivInstaller() override;

    void slots(std::function<void(Result<update::Slots>)> answer) override;
    void inspect(const std::string& path, std::function<void(Result<update::BundleInfo>)> answer) override;
    void install(const std::string& path, std::function<void(int percent)> progress, Done done) override;
    void activate(update::Slot slot, Done done) override;
    void markGood(Done done) override;
    void restart(Done done) override;
    /// InvalidArgument names the field; Unavailable: not set on this machine.
    void setNetwork(const ipc::NetworkOrder& order, Done done);

  private:
    class Errand;
    struct Question;
    void ask(Question question);

    EventLoop& loop_;
    ipc::Launcher& launcher_;
    std::string own_version_;
    std::map<std::uint64_t, std::unique_ptr<Errand>> errands_;
    std::uint64_t next_ = 1;
    std::shared_ptr<bool> alive_ = std::make_shared<bool>(true);
};

}  // namespace camgate::app
