#include "ring/camera_tag.hpp"

#include <string>

#include "crypto/hash.hpp"

namespace camgate::ring {

std::uint64_t cameraTag(std::string_view gateway, std::string_view camera) {
    std::string text = "camgate-camera\n";
    text.append(gateway).append("\n").append(camera);
    const crypto::Digest digest = crypto::sha256(asBytes(text));
    std::uint64_t tag = 0;
    for (std::size_t i = 0; i < 8; ++i) tag = tag << 8U | digest[i];
    return tag;
}

}  // namespace camgate::ring
