// The parts of an http:// or rtsp:// address that decide whom one speaks to. Any thread.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace camgate::onvif {

constexpr std::size_t kMostUrl_bytes = 512;

struct HostUrl {
    std::string host;        ///< lower case, an IPv6 address without its brackets
    std::uint16_t port = 0;  ///< 0: the scheme's
};

/// Nothing: another scheme, a user part, blanks or control characters, no host, longer than kMostUrl_bytes.
std::optional<HostUrl> parseHostUrl(std::string_view url, std::string_view scheme);

/// An http:// address whose host is `host`: whoever answered is spoken to, and nobody it points at.
bool leadsTo(std::string_view url, std::string_view scheme, std::string_view host);

}  // namespace camgate::onvif
