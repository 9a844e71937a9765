#include "console/stick.hpp"

#include <sys/socket.h>
#include <sys/time.h>
#include <sys/un.h>

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <utility>

#include "console/language.hpp"

namespace camgate::console {
namespace {

/// A slow stick takes minutes for what was written last.
constexpr timeval kPatience{300, 0};

bool isBelow(const std::string& path, const std::string& folder) {
    const std::string whole = std::filesystem::absolute(path).lexically_normal();
    return whole == folder || whole.starts_with(folder + "/");
}

/// Invalid where nobody listens.
UniqueFd connectTo(const std::string& socket_path) {
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    if (socket_path.size() >= sizeof address.sun_path) return {};
    std::memcpy(address.sun_path, socket_path.c_str(), socket_path.size() + 1);
    UniqueFd out(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));
    if (::connect(out.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0) return {};
    ::setsockopt(out.get(), SOL_SOCKET, SO_RCVTIMEO, &kPatience, sizeof kPatience);
    return out;
}

/// One word and the end of its line; nothing where it hung up.
std::string wordFrom(const UniqueFd& writer) {
    std::string word;
    char letter = 0;
    for (;;) {
        const ssize_t got = ::recv(writer.get(), &letter, 1, 0);
        if (got < 0 && errno == EINTR) continue;
        if (got <= 0 || letter == '\n') return word;
        word += letter;
    }
}

std::string whyNot(const std::string& word, const std::string& folder) {
    if (word == "no-stick")
        return tr("no stick with a FAT file system is plugged in, so that there is no") + " " + folder;
    if (word == "write-protected") return tr("the stick does not let itself be written");
    return tr("somebody else is writing to the stick; try again when that is done");
}

}  // namespace

Result<Stick> Stick::toWrite(const std::string& path, const StickPlace& place) {
    if (!isBelow(path, place.folder)) return Stick(UniqueFd());
    UniqueFd writer = connectTo(place.socket);
    if (!writer.valid()) return Stick(UniqueFd());
    const std::string word = wordFrom(writer);
    if (word != "writable") return fail(ErrorKind::FailedPrecondition, whyNot(word, place.folder));
    return Stick(std::move(writer));
}

Status Stick::giveBack() {
    const UniqueFd writer = std::move(writer_);
    if (!writer.valid()) return {};
    ::shutdown(writer.get(), SHUT_WR);
    if (wordFrom(writer) == "read-only") return {};
    return fail(ErrorKind::Unavailable,
                tr("the stick was pulled out too early, or is broken: do not trust what is on it"));
}

}  // namespace camgate::console
