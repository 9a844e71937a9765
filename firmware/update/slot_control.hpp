// What camgate-priv does for an update: RAUC and systemd behind one face, so that its messages can be tried
// without them. Calls block. One thread. Implements docs/ref/update.md (What is asked of camgate-priv).
#pragma once

#include <functional>

#include "update/installer.hpp"

namespace camgate::update {

class SlotControl {
  public:
    virtual ~SlotControl() = default;
    /// Unavailable: this machine has no slots, or whoever knows them does not answer.
    [[nodiscard]] virtual Result<Slots> slots() = 0;
    /// PermissionDenied with RAUC's words: it does not believe this file.
    [[nodiscard]] virtual Result<BundleInfo> inspect(const std::string& path) = 0;
    /// Internal with RAUC's words: it did not succeed.
    [[nodiscard]] virtual Status install(const std::string& path,
                                         const std::function<void(int percent)>& progress) = 0;
    [[nodiscard]] virtual Status activate(Slot slot) = 0;
    [[nodiscard]] virtual Status markGood() = 0;
    [[nodiscard]] virtual Status restart() = 0;
};

}  // namespace camgate::update
