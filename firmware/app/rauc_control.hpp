// RAUC and systemd over the system's message bus, and the boot environment. Calls block, an installation for
// minutes. One thread. Implements docs/ref/update.md (What is asked of camgate-priv).
#pragma once

#include <string>

#include "base/file_system.hpp"
#include "update/slot_control.hpp"

namespace camgate::app {

class RaucControl final : public update::SlotControl {
  public:
    /// `boot_environment`: its partition. `files` outlives this.
    RaucControl(FileSystem& files, std::string boot_environment)
        : files_(files), boot_environment_(std::move(boot_environment)) {}

    Result<update::Slots> slots() override;
    Result<update::BundleInfo> inspect(const std::string& path) override;
    Status install(const std::string& path, const std::function<void(int percent)>& progress) override;
    Status activate(update::Slot slot) override;
    Status markGood() override;
    Status restart() override;

  private:
    FileSystem& files_;
    std::string boot_environment_;
};

}  // namespace camgate::app
