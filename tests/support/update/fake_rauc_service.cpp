// usage: camgate-fake-rauc BOOTENV RUNNING_SLOT BUNDLE_COMPATIBLE BUNDLE_VERSION [WORDS]
// Plays RAUC and systemd's manager on the bus of DBUS_SYSTEM_BUS_ADDRESS for a box of the board "test": every
// bundle has that board and version; with WORDS an installation fails by them. Prints what it is told to do.
#include <sdbus-c++/sdbus-c++.h>

#include <chrono>
#include <cstdint>
#include <iostream>
#include <map>
#include <thread>

#include "update/boot_store.hpp"

namespace {

using namespace camgate;
using namespace camgate::update;

constexpr const char* kInstaller = "de.pengutronix.rauc.Installer";
using Dictionary = std::map<std::string, sdbus::Variant>;
using SlotStatus = sdbus::Struct<std::string, Dictionary>;

void say(const std::string& what) {
    std::cout << what << std::endl;  // NOLINT: whoever reads it waits for the line
}

class FakeService {
  public:
    FakeService(sdbus::IConnection& bus, std::span<char*> words)
        : device_(words[0]),
          running_(slotNamed(words[1]).value_or(Slot::A)),
          compatible_(words[2]),
          version_(words[3]),
          fails_with_(words.size() > 4 ? words[4] : ""),
          object_(sdbus::createObject(bus, "/")) {
        object_->registerProperty("Operation").onInterface(kInstaller).withGetter([this] {
            return operation_;
        });
        object_->registerProperty("LastError").onInterface(kInstaller).withGetter([this] {
            return last_error_;
        });
        object_->registerProperty("Progress").onInterface(kInstaller).withGetter([this] {
            return sdbus::Struct<std::int32_t, std::string, std::int32_t>(percent_, "Copying image", 3);
        });
        object_->registerProperty("Compatible").onInterface(kInstaller).withGetter([] {
            return std::string("camgate-test");
        });
        object_->registerProperty("BootSlot").onInterface(kInstaller).withGetter([this] {
            return std::string(nameOf(running_));
        });
        object_->registerMethod("GetSlotStatus").onInterface(kInstaller).implementedAs([this] {
            return status();
        });
        object_->registerMethod("Info").onInterface(kInstaller).implementedAs([this](const std::string&) {
            return std::tuple(compatible_, version_);
        });
        object_->registerMethod("Mark")
            .onInterface(kInstaller)
            .implementedAs(
                [this](const std::string& state, const std::string& slot) { return mark(state, slot); });
        object_->registerMethod("InstallBundle")
            .onInterface(kInstaller)
            .implementedAs([this](const std::string& path, const Dictionary&) { install(path); });
        object_->registerSignal("Completed").onInterface(kInstaller).withParameters<std::int32_t>();
        object_->finishRegistration();
    }
    ~FakeService() {
        if (work_.joinable()) work_.join();
    }

  private:
    std::vector<SlotStatus> status() const {
        std::vector<SlotStatus> out;
        for (const auto slot : {Slot::A, Slot::B}) {
            Dictionary fields{{"bootname", sdbus::Variant(std::string(nameOf(slot)))}};
            if (slot == installed_) fields["bundle.version"] = sdbus::Variant(version_);
            out.emplace_back(slot == Slot::A ? "rootfs.0" : "rootfs.1", fields);
        }
        return out;
    }
    std::tuple<std::string, std::string> mark(const std::string& state, const std::string& name) {
        say("mark " + state + " " + name);
        auto store = BootStore::open(files_, device_);
        const Slot slot = name == "booted" ? running_ : (name == "rootfs.0" ? Slot::A : Slot::B);
        const Status done = state == "active" ? store->makePrimary(slot) : store->markGood(slot);
        if (!done) throw sdbus::Error("de.pengutronix.rauc.Error", done.error().describe());
        return {name, "marked slot " + name + " as " + state};
    }
    void install(const std::string& path) {
        say("install " + path);
        operation_ = "installing";
        (void)BootStore::open(files_, device_)->markBad(other(running_));
        if (work_.joinable()) work_.join();
        work_ = std::thread([this] {
            for (percent_ = 0; percent_ < 100; percent_ = percent_ + 20)
                std::this_thread::sleep_for(std::chrono::milliseconds(300));
            last_error_ = fails_with_;
            installed_ = other(running_);
            object_->emitSignal("Completed")
                .onInterface(kInstaller)
                .withArguments(std::int32_t{fails_with_.empty() ? 0 : 1});
            operation_ = "idle";
        });
    }

    RealFileSystem files_;
    std::string device_;
    Slot running_;
    std::string compatible_;
    std::string version_;
    std::string fails_with_;
    std::optional<Slot> installed_;
    std::string operation_ = "idle";
    std::string last_error_;
    std::int32_t percent_ = 0;
    std::thread work_;
    std::unique_ptr<sdbus::IObject> object_;
};

}  // namespace

int main(int argc, char** argv) {
    if (argc < 5) return 2;
    const auto bus = sdbus::createSystemBusConnection("de.pengutronix.rauc");
    bus->requestName("org.freedesktop.systemd1");
    const FakeService rauc(*bus, std::span(argv + 1, static_cast<std::size_t>(argc - 1)));
    const auto systemd = sdbus::createObject(*bus, "/org/freedesktop/systemd1");
    systemd->registerMethod("StartUnit")
        .onInterface("org.freedesktop.systemd1.Manager")
        .implementedAs([](const std::string& unit, const std::string&) {
            say("start " + unit);
            return sdbus::ObjectPath("/org/freedesktop/systemd1/job/1");
        });
    systemd->finishRegistration();
    say("ready");
    bus->enterEventLoop();
    return 0;
}
