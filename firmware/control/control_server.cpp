#include "control/control_server.hpp"

#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <nlohmann/json.hpp>
#include <optional>
#include <utility>

#include "control/command_table.hpp"
#include "control/json_rpc.hpp"

namespace camgate::control {
namespace {

constexpr std::size_t kMaxOutgoing_bytes = 4U << 20U;
constexpr int kUnknownMethod = -32601;

Result<sockaddr_un> addressOf(const std::string& path) {
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    if (path.size() >= sizeof address.sun_path) {
        return fail(ErrorKind::InvalidArgument, "the control socket's path is longer than " +
                                                    std::to_string(sizeof address.sun_path - 1) +
                                                    " bytes: " + path);
    }
    std::memcpy(address.sun_path, path.c_str(), path.size() + 1);
    return address;
}

bool someoneAnswers(const sockaddr_un& address) {
    const UniqueFd probe(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));
    return ::connect(probe.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0;
}

std::optional<Visitor> visitorOf(int socket) {
    ucred peer{};
    socklen_t length = sizeof peer;
    if (::getsockopt(socket, SOL_SOCKET, SO_PEERCRED, &peer, &length) != 0) return std::nullopt;
    return Visitor{peer.uid, std::nullopt};
}

bool isLogin(std::string_view command) {
    return command.starts_with("login") || command == "logout";
}

std::string errorLine(const std::string& rpc_id, const Error& error) {
    return writeError(rpc_id, rpcCode(error.kind), error.describe(), toString(error.kind));
}

}  // namespace

Result<std::unique_ptr<ControlServer>> ControlServer::open(EventLoop& loop, const std::string& path,
                                                           ControlBackend& backend, Login& login) {
    const auto address = addressOf(path);
    if (!address) return std::unexpected(address.error());
    if (someoneAnswers(*address))
        return fail(ErrorKind::FailedPrecondition, "another daemon answers at " + path);
    ::unlink(path.c_str());
    UniqueFd listener(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
    if (!listener.valid()) return failErrno(errno, "creating the control socket");
    const mode_t before = ::umask(0117);  // owner and group only, from the first moment
    const int bound = ::bind(listener.get(), reinterpret_cast<const sockaddr*>(&*address), sizeof *address);
    const int bind_errno = errno;
    ::umask(before);
    if (bound != 0) return failErrno(bind_errno, "binding the control socket " + path);
    if (::listen(listener.get(), 8) != 0) return failErrno(errno, "listening on " + path);
    return std::unique_ptr<ControlServer>(new ControlServer(loop, path, std::move(listener), backend, login));
}

ControlServer::ControlServer(EventLoop& loop, std::string path, UniqueFd listener, ControlBackend& backend,
                             Login& login)
    : loop_(loop), path_(std::move(path)), listener_(std::move(listener)), backend_(backend), login_(login) {
    watch_ = loop_.watch(listener_.get(), Ready::Read, [this](bool, bool) { acceptOne(); });
    sweep_ = loop_.runEvery(kLongestLine / 2, [this] { endHalfLines(); });
}

ControlServer::~ControlServer() {
    *alive_ = false;
    ::unlink(path_.c_str());
}

void ControlServer::acceptOne() {
    UniqueFd socket(::accept4(listener_.get(), nullptr, nullptr, SOCK_CLOEXEC | SOCK_NONBLOCK));
    if (!socket.valid() || !makePlace()) return;
    const auto visitor = visitorOf(socket.get());
    if (!visitor) return;
    const std::uint64_t id = next_client_++;
    const int fd = socket.get();
    Client& client = clients_[id];
    client.socket = std::move(socket);
    client.visitor = *visitor;
    client.heard = loop_.clock().bootNow();
    client.watch = loop_.watch(fd, Ready::Read, [this, id](bool readable, bool) { onClient(id, readable); });
}

bool ControlServer::makePlace() {
    if (clients_.size() < kMostClients) return true;
    auto silent = clients_.end();
    for (auto each = clients_.begin(); each != clients_.end(); ++each) {
        if (each->second.calls > 0) continue;
        if (silent == clients_.end() || each->second.heard < silent->second.heard) silent = each;
    }
    if (silent == clients_.end()) return false;
    clients_.erase(silent);
    return true;
}

void ControlServer::endHalfLines() {
    const BootTime now = loop_.clock().bootNow();
    std::erase_if(clients_, [now](const auto& each) {
        return !each.second.incoming.empty() && now - each.second.line_since >= kLongestLine;
    });
}

void ControlServer::onClient(std::uint64_t id, bool readable) {
    const auto found = clients_.find(id);
    if (found == clients_.end()) return;
    const bool stays = flush(found->second) && (!readable || receive(found->second));
    if (readable) handleLines(id);
    if (!stays) clients_.erase(id);
}

bool ControlServer::receive(Client& client) {
    std::array<char, 4096> buffer{};
    for (;;) {
        const ssize_t got = ::recv(client.socket.get(), buffer.data(), buffer.size(), 0);
        if (got < 0) return errno == EAGAIN || errno == EINTR;
        if (got == 0) return false;
        client.heard = loop_.clock().bootNow();
        if (client.incoming.empty()) client.line_since = client.heard;
        client.incoming.append(buffer.data(), static_cast<std::size_t>(got));
        if (client.incoming.size() > kMaxLine_bytes) return false;
    }
}

void ControlServer::handleLines(std::uint64_t id) {
    for (;;) {
        const auto found = clients_.find(id);
        if (found == clients_.end()) return;
        const auto end = found->second.incoming.find('\n');
        if (end == std::string::npos) return;
        const std::string line = found->second.incoming.substr(0, end);
        found->second.incoming.erase(0, end + 1);
        found->second.line_since = found->second.heard;
        handleLine(id, line);
    }
}

void ControlServer::handleLine(std::uint64_t id, std::string_view line) {
    const auto call = readCall(line);
    if (!call) return answer(id, writeError(call.error().id, call.error().code, call.error().message));
    const Command* command = findCommand(call->method);
    if (command == nullptr)
        return answer(id, writeError(call->id, kUnknownMethod, "there is no command " + call->method));
    const auto parameters = nlohmann::json::parse(call->parameters, nullptr, false);
    if (auto checked = checkParameters(*command, parameters); !checked) {
        return answer(id, writeError(call->id, rpcCode(checked.error().kind), checked.error().context));
    }
    Visitor& visitor = clients_.at(id).visitor;
    if (isLogin(command->name)) {
        const auto done = login_.call(visitor, command->name, call->parameters);
        return answer(id, done ? writeResult(call->id, *done) : errorLine(call->id, done.error()));
    }
    if (auto allowed = login_.mayCall(visitor, *command, call->parameters); !allowed)
        return answer(id, errorLine(call->id, allowed.error()));
    ++clients_.at(id).calls;
    backend_.call(actorOf(visitor.role), command->name, call->parameters,
                  [this, id, rpc_id = call->id, alive = alive_](const Result<std::string>& result) {
                      if (!*alive) return;
                      if (const auto found = clients_.find(id); found != clients_.end())
                          --found->second.calls;
                      answer(id, result ? writeResult(rpc_id, *result) : errorLine(rpc_id, result.error()));
                  });
}

void ControlServer::answer(std::uint64_t id, const std::string& text) {
    const auto found = clients_.find(id);
    if (found == clients_.end()) return;
    found->second.outgoing += text;
    if (!flush(found->second) || found->second.outgoing.size() > kMaxOutgoing_bytes) {
        // Not erased here: the caller may stand in this client's own callback.
        loop_.post([this, id, alive = alive_] {
            if (*alive) clients_.erase(id);
        });
    }
}

bool ControlServer::flush(Client& client) {
    while (!client.outgoing.empty()) {
        const ssize_t put =
            ::send(client.socket.get(), client.outgoing.data(), client.outgoing.size(), MSG_NOSIGNAL);
        if (put < 0 && errno != EAGAIN && errno != EINTR) return false;
        if (put < 0) break;
        client.outgoing.erase(0, static_cast<std::size_t>(put));
    }
    loop_.setInterest(client.watch, client.outgoing.empty() ? Ready::Read : Ready::ReadWrite);
    return true;
}

}  // namespace camgate::control
