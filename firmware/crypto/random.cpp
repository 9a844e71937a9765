#include "crypto/random.hpp"

#include <sys/random.h>

#include <cerrno>

#include "base/bytes.hpp"

namespace camgate::crypto {

Status fillRandom(std::span<std::uint8_t> into) {
    while (!into.empty()) {
        const ssize_t got = getrandom(into.data(), into.size(), 0);
        if (got < 0 && errno != EINTR) return failErrno(errno, "getrandom");
        if (got > 0) into = into.subspan(static_cast<std::size_t>(got));
    }
    return {};
}

Result<std::string> randomHex(std::size_t count_bytes) {
    Bytes bytes(count_bytes);
    if (auto filled = fillRandom(bytes); !filled) return std::unexpected(filled.error());
    return toHex(bytes);
}

}  // namespace camgate::crypto
