#include "ipc/unix_socket.hpp"

#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstdint>
#include <cstring>

namespace camgate::ipc {
namespace {

/// A message of one byte and one control message that carries a T.
template <class T>
struct Envelope {
    alignas(cmsghdr) std::array<std::uint8_t, CMSG_SPACE(sizeof(T))> control{};
    std::uint8_t byte = 0;
    iovec part{&byte, 1};
    msghdr header{};

    Envelope() {
        header.msg_iov = &part;
        header.msg_iovlen = 1;
        header.msg_control = control.data();
        header.msg_controllen = control.size();
    }
    cmsghdr* first() { return CMSG_FIRSTHDR(&header); }
    void put(int type, const T& value) {
        cmsghdr* row = first();
        row->cmsg_level = SOL_SOCKET;
        row->cmsg_type = type;
        row->cmsg_len = CMSG_LEN(sizeof(T));
        std::memcpy(CMSG_DATA(row), &value, sizeof value);
    }
    bool take(int type, T& value) {
        const cmsghdr* row = first();
        if (row == nullptr || row->cmsg_level != SOL_SOCKET || row->cmsg_type != type ||
            row->cmsg_len != CMSG_LEN(sizeof(T)))
            return false;
        std::memcpy(&value, CMSG_DATA(row), sizeof value);
        return true;
    }
};

}  // namespace

Status connectTo(int socket, const std::string& path) {
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    if (path.size() >= sizeof address.sun_path)
        return fail(ErrorKind::InvalidArgument, "a socket's path of over 107 bytes: " + path);
    std::memcpy(address.sun_path, path.data(), path.size());
    const auto* generic = reinterpret_cast<const sockaddr*>(&address);
    if (::connect(socket, generic, sizeof address) == 0) return {};
    if (errno == EAGAIN) return fail(ErrorKind::Unavailable, path + " takes no more connections now");
    return failErrno(errno, "connecting to " + path);
}

Result<pid_t> peekSender(int socket) {
    // There is room for the sender alone: descriptors that a hostile peer sends along are dropped by the
    // kernel.
    Envelope<ucred> envelope;
    const ssize_t got = ::recvmsg(socket, &envelope.header, MSG_PEEK | MSG_DONTWAIT | MSG_CMSG_CLOEXEC);
    if (got < 0 && (errno == EAGAIN || errno == EINTR))
        return fail(ErrorKind::Unavailable, "nothing to read");
    ucred sender{};
    if (got <= 0 || !envelope.take(SCM_CREDENTIALS, sender) || sender.pid <= 0)
        return fail(ErrorKind::FailedPrecondition, "the connection is closed");
    return sender.pid;
}

Status sendDescriptor(const std::string& path, int descriptor) {
    const UniqueFd socket(::socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
    if (!socket.valid()) return failErrno(errno, "creating a socket");
    if (auto connected = connectTo(socket.get(), path); !connected) return connected;
    Envelope<int> envelope;
    envelope.put(SCM_RIGHTS, descriptor);
    if (::sendmsg(socket.get(), &envelope.header, MSG_NOSIGNAL | MSG_DONTWAIT) != 1)
        return failErrno(errno, "sending to " + path);
    return {};
}

Result<UniqueFd> receiveDescriptor(int socket) {
    Envelope<int> envelope;
    int descriptor = -1;
    if (::recvmsg(socket, &envelope.header, MSG_CMSG_CLOEXEC) != 1)
        return failErrno(errno, "receiving a descriptor");
    if (!envelope.take(SCM_RIGHTS, descriptor)) return fail(ErrorKind::Corruption, "not one descriptor");
    return UniqueFd(descriptor);
}

}  // namespace camgate::ipc
