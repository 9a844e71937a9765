// The few ONVIF calls that camgate makes, as text: requests out, answers read. Pure. Any thread. Implements
// docs/ref/camera.md (Finding cameras).
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.hpp"
#include "base/result.hpp"
#include "ipc/finder_messages.hpp"

namespace camgate::onvif {

/// WS-UsernameToken with a digest of the password.
struct Token {
    std::string user;
    std::string password;
    std::string nonce;    ///< 16 raw bytes
    std::string created;  ///< "2026-03-01T22:15:00Z", by the camera's clock
};

/// Base64 of SHA-1(nonce, created, password).
std::string passwordDigest(const Token& token);

/// A SOAP 1.2 envelope around `body`.
std::string envelope(std::string_view body, const std::optional<Token>& token = std::nullopt);

std::string getSystemDateAndTime();
std::string getCapabilities();
std::string getDeviceInformation();
std::string getProfiles();
std::string getStreamUri(std::string_view profile_token);

/// PermissionDenied: the camera wants other credentials. Corruption: no answer to what was asked.
[[nodiscard]] Result<WallTime> readSystemDateAndTime(std::string_view answer);
/// Of the media service. Corruption where it leads to another host than `host`.
[[nodiscard]] Result<std::string> readMediaUrl(std::string_view answer, std::string_view host);

struct DeviceInformation {
    std::string manufacturer, model, firmware;
};
[[nodiscard]] Result<DeviceInformation> readDeviceInformation(std::string_view answer);

struct Profile {
    std::string token;
    ipc::OfferedStream stream;  ///< without its URL
};
/// At most 16, those without a video encoder left out.
[[nodiscard]] Result<std::vector<Profile>> readProfiles(std::string_view answer);
/// Corruption where it leads to another host than `host`, or is no rtsp:// address.
[[nodiscard]] Result<std::string> readStreamUri(std::string_view answer, std::string_view host);

}  // namespace camgate::onvif
