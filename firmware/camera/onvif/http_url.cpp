#include "camera/onvif/http_url.hpp"

#include <algorithm>
#include <charconv>

namespace camgate::onvif {
namespace {

bool isHostLetter(char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '.' || c == '-' || c == ':';
}

std::string lower(std::string_view text) {
    std::string out(text);
    std::ranges::transform(
        out, out.begin(), [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; });
    return out;
}

}  // namespace

std::optional<HostUrl> parseHostUrl(std::string_view url, std::string_view scheme) {
    if (url.size() > kMostUrl_bytes || !url.starts_with(scheme)) return std::nullopt;
    const bool odd = std::ranges::any_of(url, [](char c) {
        return static_cast<unsigned char>(c) <= 0x20 || c == 0x7F || c == '\\' || c == '"';
    });
    if (odd) return std::nullopt;
    const std::string_view rest = url.substr(scheme.size());
    const std::string_view authority = rest.substr(0, std::min(rest.find_first_of("/?#"), rest.size()));
    if (authority.find('@') != std::string_view::npos) return std::nullopt;
    const std::size_t bracket = authority.starts_with('[') ? authority.find(']') : 0;
    if (bracket == std::string_view::npos) return std::nullopt;
    const std::size_t colon = std::min(authority.find(':', bracket), authority.size());
    HostUrl out;
    if (colon < authority.size()) {
        const std::string_view port = authority.substr(colon + 1);
        const auto [end, error] = std::from_chars(port.data(), port.data() + port.size(), out.port);
        if (error != std::errc{} || end != port.data() + port.size() || out.port == 0) return std::nullopt;
    }
    std::string_view host = authority.substr(0, colon);
    if (bracket > 0) {
        if (host.size() != bracket + 1) return std::nullopt;
        host = host.substr(1, bracket - 1);
    }
    out.host = lower(host);
    if (out.host.empty() || !std::ranges::all_of(out.host, isHostLetter)) return std::nullopt;
    return out;
}

bool leadsTo(std::string_view url, std::string_view scheme, std::string_view host) {
    const auto parsed = parseHostUrl(url, scheme);
    return parsed && parsed->host == lower(host);
}

}  // namespace camgate::onvif
