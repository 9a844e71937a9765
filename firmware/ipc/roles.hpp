// The table of worker roles: which program plays it. Implements docs/design/processes.md. Any thread.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

namespace camgate::ipc {

enum class WorkerRole : std::uint8_t {
    Camera,
    LinkControl,
    LinkBulk,
    Finder,
    Fetch,
    Priv,
    Decode,
    Transcode
};

struct RoleRow {
    WorkerRole role;
    std::string_view name;
    std::string_view program;  ///< empty: reserved, nothing plays it yet
};

std::span<const RoleRow> roles();
const RoleRow& roleRow(WorkerRole role);

/// A worker finds its socket here (as systemd's StandardInput=socket gives it).
constexpr int kWorkerSocket = 0;
/// Raised when a message changes its meaning; daemon and worker must agree.
constexpr std::uint16_t kProtocolVersion = 1;

}  // namespace camgate::ipc
