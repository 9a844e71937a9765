#include "ipc/roles.hpp"

#include <array>

namespace camgate::ipc {
namespace {

constexpr std::array kRoles{
    RoleRow{WorkerRole::Camera, "camera", "camgate-camera"},
    RoleRow{WorkerRole::LinkControl, "link-control", "camgate-link"},
    RoleRow{WorkerRole::LinkBulk, "link-bulk", "camgate-link"},
    RoleRow{WorkerRole::Finder, "finder", "camgate-finder"},
    RoleRow{WorkerRole::Fetch, "fetch", "camgate-fetch"},
    RoleRow{WorkerRole::Priv, "priv", "camgate-priv"},
    RoleRow{WorkerRole::Decode, "decode", ""},
    RoleRow{WorkerRole::Transcode, "transcode", ""},
};

}  // namespace

std::span<const RoleRow> roles() {
    return kRoles;
}

const RoleRow& roleRow(WorkerRole role) {
    return kRoles.at(static_cast<std::size_t>(role));
}

}  // namespace camgate::ipc
