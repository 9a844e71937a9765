#include "console/control_client.hpp"

#include <sys/socket.h>
#include <sys/time.h>
#include <sys/un.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <nlohmann/json.hpp>

#include "control/json_rpc.hpp"

namespace camgate::console {
namespace {

constexpr timeval kDeadline{30, 0};
constexpr std::size_t kMaxAnswer_bytes = 8U << 20U;

}  // namespace

Result<ControlClient> ControlClient::connect(const std::string& path) {
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    if (path.size() >= sizeof address.sun_path)
        return fail(ErrorKind::InvalidArgument, "socket path too long: " + path);
    std::memcpy(address.sun_path, path.c_str(), path.size() + 1);
    UniqueFd socket(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));
    if (::connect(socket.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0) {
        return fail(ErrorKind::Unavailable, "no camgated answers at " + path + " (" + std::strerror(errno) +
                                                "): is it running, and is --socket its control socket?");
    }
    ::setsockopt(socket.get(), SOL_SOCKET, SO_RCVTIMEO, &kDeadline, sizeof kDeadline);
    return ControlClient(std::move(socket));
}

Result<std::string> ControlClient::call(std::string_view command, const nlohmann::json& parameters) {
    const std::string line = control::writeCall(next_id_++, command, parameters);
    if (::send(socket_.get(), line.data(), line.size(), MSG_NOSIGNAL) != static_cast<ssize_t>(line.size())) {
        return failErrno(errno, "asking camgated");
    }
    const auto answer_line = readLine();
    if (!answer_line) return std::unexpected(answer_line.error());
    const auto answer = nlohmann::json::parse(*answer_line, nullptr, false);
    if (answer.is_object() && answer.contains("result")) return answer["result"].dump();
    if (answer.is_object() && answer.contains("error") && answer["error"].is_object()) {
        const auto& error = answer["error"];
        const auto data = error.value("data", nlohmann::json::object());
        const bool denied =
            data.is_object() && data.value("kind", "") == toString(ErrorKind::PermissionDenied);
        return fail(denied ? ErrorKind::PermissionDenied : ErrorKind::FailedPrecondition,
                    error.value("message", "camgated refused without a reason"));
    }
    return fail(ErrorKind::Corruption, "camgated's answer makes no sense");
}

Result<std::string> ControlClient::readLine() {
    std::array<char, 16384> buffer{};
    for (;;) {
        if (const auto end = incoming_.find('\n'); end != std::string::npos) {
            std::string line = incoming_.substr(0, end);
            incoming_.erase(0, end + 1);
            return line;
        }
        const ssize_t got = ::recv(socket_.get(), buffer.data(), buffer.size(), 0);
        if (got < 0 && errno == EAGAIN)
            return fail(ErrorKind::Timeout, "camgated did not answer within 30 s");
        if (got < 0 && errno == EINTR)
            return fail(ErrorKind::Cancelled, "stopped; camgated may still be at it");
        // It does so when it takes itself apart and together again, too.
        if (got <= 0) {
            return fail(ErrorKind::Unavailable,
                        "camgated closed the connection, as it does when other certificates or settings come "
                        "into force; once status answers, look whether it was done, and ask again if not");
        }
        incoming_.append(buffer.data(), static_cast<std::size_t>(got));
        if (incoming_.size() > kMaxAnswer_bytes)
            return fail(ErrorKind::Corruption, "camgated's answer has no end");
    }
}

}  // namespace camgate::console
