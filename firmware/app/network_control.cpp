#include "app/network_control.hpp"

#include <sdbus-c++/sdbus-c++.h>
#include <sys/stat.h>

#include <cerrno>

namespace camgate::app {
namespace {

constexpr const char* kNetworkd = "org.freedesktop.network1";
constexpr const char* kLive = "/run/systemd/network/10-camgate.network";
constexpr mode_t kForAll = 0644;  // networkd is not root

Status putLive(FileSystem& files, const std::string& text) {
    if (auto put = replaceFile(files, kLive, text); !put) return put;
    if (::chmod(kLive, kForAll) != 0) return failErrno(errno, kLive);
    return {};
}

Status reload() {
    try {
        const auto bus = sdbus::createSystemBusConnection();
        const auto networkd = sdbus::createProxy(*bus, kNetworkd, "/org/freedesktop/network1");
        networkd->callMethod("Reload").onInterface("org.freedesktop.network1.Manager");
        return {};
    } catch (const sdbus::Error& error) {
        return fail(ErrorKind::Unavailable, "systemd-networkd: " + error.getMessage());
    }
}

}  // namespace

Status setNetwork(FileSystem& files, const std::string& kept, const WiredNetwork& network) {
    if (kept.empty()) return fail(ErrorKind::Unavailable, "this machine's network is left to its own tools");
    const std::string text = networkdFile(network);
    if (auto put = replaceFile(files, kept, text); !put) return put;
    auto live = putLive(files, text);
    if (live) live = reload();
    if (!live)
        return std::unexpected(std::move(live.error()).withContext("kept, and holds from the next start on"));
    return {};
}

}  // namespace camgate::app
