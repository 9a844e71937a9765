#include "ipc/worker_cgroup.hpp"

#include <algorithm>

#include "ipc/roles.hpp"

namespace camgate::ipc {
namespace {

constexpr std::string_view kUnified = "0::";
constexpr std::string_view kSlice = "/system.slice/";
constexpr std::string_view kUnit = ".service";

bool takePrefix(std::string_view& text, std::string_view prefix) {
    if (!text.starts_with(prefix)) return false;
    text.remove_prefix(prefix.size());
    return true;
}

/// As systemd puts a name into one component: a dash would be read as a step down.
std::string escaped(std::string_view name) {
    std::string out;
    for (const char c : name) out += c == '-' ? "\\x2d" : std::string(1, c);
    return out;
}

bool isConnection(std::string_view text) {
    return !text.empty() && text.find_first_not_of("0123456789-") == std::string_view::npos;
}

bool isWorkerOf(const RoleRow& role, std::string_view path) {
    const std::string unit = "camgate-" + std::string(role.name);
    return takePrefix(path, "system-" + escaped(unit) + ".slice/" + unit + "@") && path.ends_with(kUnit) &&
           isConnection(path.substr(0, path.size() - kUnit.size()));
}

}  // namespace

Result<std::string> workerCgroup(std::string_view proc_text) {
    std::string_view line = proc_text.substr(0, proc_text.find('\n'));
    std::string_view in_slice = line;
    const bool ours = takePrefix(in_slice, kUnified) && takePrefix(in_slice, kSlice) &&
                      std::ranges::any_of(roles(), [&](const RoleRow& role) {
                          return !role.program.empty() && isWorkerOf(role, in_slice);
                      });
    if (!ours) return fail(ErrorKind::PermissionDenied, "not a worker: " + std::string(line));
    line.remove_prefix(kUnified.size());
    return std::string(line);
}

}  // namespace camgate::ipc
