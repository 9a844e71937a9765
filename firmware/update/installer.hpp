// What changes slots and starts the machine again: RAUC and systemd behind camgate-priv on a box, a model of
// them in tests. Every answer comes once, later on the loop or at once. Loop thread only. Implements
// docs/ref/update.md (What is asked of camgate-priv).
#pragma once

#include <array>
#include <functional>
#include <string>

#include "base/result.hpp"
#include "update/boot_environment.hpp"

namespace camgate::update {

struct Slots {
    Slot running = Slot::A;
    Slot first = Slot::A;  ///< that the loader tries first
    std::array<int, 2> tries_left{};
    std::array<std::string, 2> versions;  ///< empty: not known
    std::string compatible;               ///< which bundles are for this board
    bool installing = false;              ///< by whomever

    int triesLeft(Slot slot) const { return tries_left.at(static_cast<std::size_t>(slot)); }
    const std::string& version(Slot slot) const { return versions.at(static_cast<std::size_t>(slot)); }
};

struct BundleInfo {
    std::string compatible;
    std::string version;
};

class Installer {
  public:
    using Done = std::function<void(Status)>;

    virtual ~Installer() = default;
    /// Unavailable: nothing here changes slots.
    virtual void slots(std::function<void(Result<Slots>)> answer) = 0;
    /// PermissionDenied: it is not signed by anybody this box believes.
    virtual void inspect(const std::string& path, std::function<void(Result<BundleInfo>)> answer) = 0;
    /// Into the slot that does not run, which then has no tries.
    virtual void install(const std::string& path, std::function<void(int percent)> progress, Done done) = 0;
    /// First, with all tries.
    virtual void activate(Slot slot, Done done) = 0;
    /// The slot that runs has all tries again.
    virtual void markGood(Done done) = 0;
    virtual void restart(Done done) = 0;
};

}  // namespace camgate::update
