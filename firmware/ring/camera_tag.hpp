// What stands for a camera on the card: 8 bytes of a hash, so that no name lies there in clear. Any thread.
#pragma once

#include <cstdint>
#include <string_view>

namespace camgate::ring {

/// First 8 bytes, big endian, of SHA-256("camgate-camera\n" gateway "\n" camera).
std::uint64_t cameraTag(std::string_view gateway, std::string_view camera);

}  // namespace camgate::ring
