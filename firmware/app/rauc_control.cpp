#include "app/rauc_control.hpp"

#include <poll.h>
#include <sdbus-c++/sdbus-c++.h>

#include <chrono>
#include <map>
#include <optional>
#include <vector>

#include "base/clock.hpp"
#include "update/boot_store.hpp"

namespace camgate::app {
namespace {

constexpr const char* kRauc = "de.pengutronix.rauc";
constexpr const char* kInstaller = "de.pengutronix.rauc.Installer";
constexpr const char* kSystemd = "org.freedesktop.systemd1";
constexpr const char* kManager = "org.freedesktop.systemd1.Manager";
constexpr auto kLongestInstallation = std::chrono::minutes(45);
constexpr auto kStep = std::chrono::seconds(1);
/// So long RAUC may be idle without having said how the installation ended.
constexpr int kMostIdleSteps = 10;

using Dictionary = std::map<std::string, sdbus::Variant>;
using SlotStatus = sdbus::Struct<std::string, Dictionary>;
using Progress = sdbus::Struct<std::int32_t, std::string, std::int32_t>;

/// Of the bus itself: whoever was asked has not said anything.
bool isOfTheBus(const std::string& name) {
    return name.starts_with("org.freedesktop.DBus.Error.") || name.starts_with("System.Error.");
}

std::unexpected<Error> failure(const sdbus::Error& error, ErrorKind kind) {
    if (!isOfTheBus(error.getName())) return fail(kind, error.getMessage());
    return fail(ErrorKind::Unavailable, "the message bus says: " + error.getMessage());
}

/// Runs `ask` on a proxy of RAUC; `kind` is what its own refusals are.
template <class T>
Result<T> askRauc(ErrorKind kind, const std::function<Result<T>(sdbus::IConnection&, sdbus::IProxy&)>& ask) {
    try {
        const auto bus = sdbus::createSystemBusConnection();
        const auto rauc = sdbus::createProxy(*bus, kRauc, "/");
        return ask(*bus, *rauc);
    } catch (const sdbus::Error& error) {
        return failure(error, kind);
    }
}

template <class T>
T property(sdbus::IProxy& rauc, const char* name) {
    return rauc.getProperty(name).onInterface(kInstaller).template get<T>();
}

std::string textIn(const Dictionary& dictionary, const std::string& name) {
    const auto found = dictionary.find(name);
    const bool is_text = found != dictionary.end() && found->second.containsValueOfType<std::string>();
    return is_text ? found->second.get<std::string>() : std::string();
}

void readVersions(sdbus::IProxy& rauc, update::Slots& into) {
    std::vector<SlotStatus> all;
    rauc.callMethod("GetSlotStatus").onInterface(kInstaller).storeResultsTo(all);
    for (const SlotStatus& status : all) {
        const auto slot = update::slotNamed(textIn(status.get<1>(), "bootname"));
        if (slot)
            into.versions.at(static_cast<std::size_t>(*slot)) = textIn(status.get<1>(), "bundle.version");
    }
}

Status mark(const std::string& state, const std::string& slot) {
    const auto done =
        askRauc<bool>(ErrorKind::Internal, [&](sdbus::IConnection&, sdbus::IProxy& rauc) -> Result<bool> {
            std::string name, message;
            rauc.callMethod("Mark")
                .onInterface(kInstaller)
                .withArguments(state, slot)
                .storeResultsTo(name, message);
            return true;
        });
    return done ? Status() : std::unexpected(done.error());
}

/// One installation, from its beginning to RAUC's word on it.
class Installation {
  public:
    Installation(sdbus::IConnection& bus, sdbus::IProxy& rauc) : bus_(bus), rauc_(rauc) {
        rauc_.uponSignal("Completed").onInterface(kInstaller).call([this](const std::int32_t& result) {
            result_ = result;
        });
        rauc_.finishRegistration();
    }

    Status run(const std::string& path, const std::function<void(int)>& progress) {
        rauc_.callMethod("InstallBundle").onInterface(kInstaller).withArguments(path, Dictionary());
        int said = -1;
        int idle_steps = 0;
        for (Duration spent{0}; !result_ && spent < kLongestInstallation; spent += kStep) {
            awaitSomething();
            const int percent = property<Progress>(rauc_, "Progress").get<0>();
            if (percent > said) progress(said = percent);
            idle_steps = property<std::string>(rauc_, "Operation") == "idle" ? idle_steps + 1 : 0;
            if (idle_steps > kMostIdleSteps) break;
        }
        if (result_ == 0) return {};
        const auto words = property<std::string>(rauc_, "LastError");
        if (!result_ && words.empty())
            return fail(ErrorKind::Timeout, "RAUC came to no end of the installation");
        return fail(ErrorKind::Internal, words.empty() ? "RAUC could not install it" : words);
    }

  private:
    void awaitSomething() {
        while (bus_.processPendingRequest()) {
        }
        if (result_) return;
        const auto data = bus_.getEventLoopPollData();
        pollfd ready{data.fd, data.events, 0};
        (void)::poll(&ready, 1, static_cast<int>(std::chrono::milliseconds(kStep).count()));
        while (bus_.processPendingRequest()) {
        }
    }

    sdbus::IConnection& bus_;
    sdbus::IProxy& rauc_;
    std::optional<std::int32_t> result_;
};

}  // namespace

Result<update::Slots> RaucControl::slots() {
    if (!files_.exists(boot_environment_)) {
        return fail(ErrorKind::Unavailable, "this machine has no second slot (there is no " +
                                                boot_environment_ + "): its packages are its updates");
    }
    const auto boot = update::readBootState(files_, boot_environment_);
    if (!boot) return std::unexpected(boot.error());
    return askRauc<update::Slots>(
        ErrorKind::Unavailable, [&](sdbus::IConnection&, sdbus::IProxy& rauc) -> Result<update::Slots> {
            update::Slots out;
            out.first = boot->first;
            out.tries_left = boot->tries_left;
            const auto running = update::slotNamed(property<std::string>(rauc, "BootSlot"));
            if (!running) return fail(ErrorKind::Unavailable, "RAUC does not know which slot runs");
            out.running = *running;
            out.compatible = property<std::string>(rauc, "Compatible");
            out.installing = property<std::string>(rauc, "Operation") != "idle";
            if (!out.installing) readVersions(rauc, out);
            return out;
        });
}

Result<update::BundleInfo> RaucControl::inspect(const std::string& path) {
    return askRauc<update::BundleInfo>(
        ErrorKind::PermissionDenied,
        [&](sdbus::IConnection&, sdbus::IProxy& rauc) -> Result<update::BundleInfo> {
            update::BundleInfo out;
            rauc.callMethod("Info")
                .onInterface(kInstaller)
                .withArguments(path)
                .storeResultsTo(out.compatible, out.version);
            return out;
        });
}

Status RaucControl::install(const std::string& path, const std::function<void(int percent)>& progress) {
    const auto done =
        askRauc<bool>(ErrorKind::Internal, [&](sdbus::IConnection& bus, sdbus::IProxy& rauc) -> Result<bool> {
            if (auto ran = Installation(bus, rauc).run(path, progress); !ran)
                return std::unexpected(ran.error());
            return true;
        });
    return done ? Status() : std::unexpected(done.error());
}

Status RaucControl::activate(update::Slot slot) {
    return mark("active", slot == update::Slot::A ? "rootfs.0" : "rootfs.1");
}

Status RaucControl::markGood() {
    return mark("good", "booted");
}

Status RaucControl::restart() {
    try {
        const auto bus = sdbus::createSystemBusConnection();
        const auto systemd = sdbus::createProxy(*bus, kSystemd, "/org/freedesktop/systemd1");
        sdbus::ObjectPath job;
        systemd->callMethod("StartUnit")
            .onInterface(kManager)
            .withArguments(std::string("reboot.target"), std::string("replace-irreversibly"))
            .storeResultsTo(job);
        return {};
    } catch (const sdbus::Error& error) {
        return failure(error, ErrorKind::PermissionDenied);
    }
}

}  // namespace camgate::app
