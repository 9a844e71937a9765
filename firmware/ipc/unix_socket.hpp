// What Unix sockets carry beside bytes: who sent them, and descriptors. Any thread.
#pragma once

#include <sys/types.h>

#include <string>

#include "base/result.hpp"
#include "base/unique_fd.hpp"

namespace camgate::ipc {

/// InvalidArgument: the path is too long; Unavailable: nobody takes connections just now.
[[nodiscard]] Status connectTo(int socket, const std::string& path);

/// The sender of what lies there to be read, which stays there. The socket has SO_PASSCRED. Unavailable:
/// nothing does; FailedPrecondition: the connection is closed.
[[nodiscard]] Result<pid_t> peekSender(int socket);

/// As the only message of a sequenced-packet connection of its own.
[[nodiscard]] Status sendDescriptor(const std::string& path, int descriptor);
/// What sendDescriptor() sent. Corruption: something else came.
[[nodiscard]] Result<UniqueFd> receiveDescriptor(int socket);

}  // namespace camgate::ipc
