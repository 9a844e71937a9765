#include "app/boot_session.hpp"

#include <array>

#include "base/bytes.hpp"
#include "crypto/hash.hpp"

namespace camgate::app {

std::uint64_t bootSession(FileSystem& files) {
    const auto boot_id = [&]() -> std::string {
        auto file = files.open("/proc/sys/kernel/random/boot_id", OpenMode::ReadOnly);
        std::array<std::uint8_t, 36> text{};
        if (!file || !(*file)->readAt(0, text)) return {};
        return std::string(asText(text));
    }();
    const crypto::Digest digest = crypto::sha256(asBytes("camgate-boot\n" + boot_id));
    return ByteReader(digest).get<std::uint64_t>();
}

}  // namespace camgate::app
