#include "camera/camera_url.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <functional>
#include <optional>
#include <vector>

namespace camgate::camera {
namespace {

constexpr std::string_view kSchemes = "rtsp://, v4l2:, file: or test:";

std::unexpected<Error> wrong(std::string what) {
    return fail(ErrorKind::InvalidArgument, std::move(what));
}

std::optional<int> numberIn(std::string_view text, int least, int most) {
    int value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
    if (value < least || value > most) return std::nullopt;
    return value;
}

std::optional<std::string> percentDecoded(std::string_view text) {
    std::string out;
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] != '%') {
            out.push_back(text[i]);
            continue;
        }
        int byte = 0;
        const char* digits = text.data() + i + 1;
        const char* behind = text.data() + std::min(text.size(), i + 3);
        if (behind != digits + 2 || std::from_chars(digits, behind, byte, 16).ptr != behind)
            return std::nullopt;
        out.push_back(static_cast<char>(byte));
        i += 2;
    }
    return out;
}

/// One `name=value` of a query. A row takes its value or answers false.
struct Parameter {
    std::string_view name;
    std::string_view expected;
    std::function<bool(std::string_view)> take;
};

Parameter number(std::string_view name, std::string_view expected, int least, int most,
                 std::function<void(int)> set) {
    return {name, expected, [least, most, set = std::move(set)](std::string_view text) {
                const auto value = numberIn(text, least, most);
                if (value) set(*value);
                return value.has_value();
            }};
}

Status takeQuery(std::string_view query, const std::vector<Parameter>& known) {
    while (!query.empty()) {
        const std::string_view one = query.substr(0, query.find('&'));
        query.remove_prefix(std::min(query.size(), one.size() + 1));
        const std::size_t equals = std::min(one.find('='), one.size());
        const std::string_view name = one.substr(0, equals);
        const std::string_view value = equals < one.size() ? one.substr(equals + 1) : std::string_view();
        const auto row = std::ranges::find(known, name, &Parameter::name);
        if (row == known.end()) return wrong("unknown parameter " + std::string(name) + " in a camera URL");
        if (!row->take(value)) {
            return wrong("parameter " + std::string(name) + ": expected " + std::string(row->expected));
        }
    }
    return {};
}

struct PathAndQuery {
    std::string_view path, query;
};

PathAndQuery splitQuery(std::string_view rest) {
    const std::size_t mark = rest.find('?');
    if (mark == std::string_view::npos) return {rest, {}};
    return {rest.substr(0, mark), rest.substr(mark + 1)};
}

Status takeUserPart(std::string_view part, RtspUrl& url) {
    const std::size_t colon = std::min(part.find(':'), part.size());
    const auto user = percentDecoded(part.substr(0, colon));
    const auto password = percentDecoded(colon < part.size() ? part.substr(colon + 1) : std::string_view());
    if (!user || !password) return wrong("user part of an rtsp:// URL: expected %XX escapes");
    url.user = *user;
    url.password = *password;
    return {};
}

Result<CameraUrl> parseRtsp(std::string_view rest) {
    RtspUrl url;
    const std::size_t authority_end = std::min(rest.find_first_of("/?"), rest.size());
    std::string_view authority = rest.substr(0, authority_end);
    const std::string_view path = rest.substr(authority_end);
    if (const std::size_t at = authority.rfind('@'); at != std::string_view::npos) {
        if (auto taken = takeUserPart(authority.substr(0, at), url); !taken) {
            return std::unexpected(taken.error());
        }
        authority.remove_prefix(at + 1);
    }
    std::string_view host = authority;
    std::string_view port;
    const std::size_t bracket = authority.starts_with('[') ? authority.find(']') : 0;
    if (bracket == std::string_view::npos) return wrong("rtsp:// URL: expected ] after an IPv6 address");
    if (const std::size_t colon = authority.find(':', bracket); colon != std::string_view::npos) {
        host = authority.substr(0, colon);
        port = authority.substr(colon + 1);
        const auto value = numberIn(port, 1, 65535);
        if (!value) return wrong("rtsp:// URL: expected a port of 1 to 65535");
        url.port = static_cast<std::uint16_t>(*value);
    }
    if (host.empty() || host == "[]") return wrong("rtsp:// URL: expected a host");
    url.host = host;
    url.location = "rtsp://" + std::string(authority) + std::string(path);
    return url;
}

Result<CameraUrl> parseV4l2(std::string_view rest) {
    const auto [path, query] = splitQuery(rest);
    V4l2Url url{.device = std::string(path)};
    if (!path.starts_with("/dev/")) return wrong("v4l2: URL: expected v4l2:/dev/videoN");
    auto taken =
        takeQuery(query, {number("width", "32 to 4096", 32, 4096, [&](int v) { url.width_px = v; }),
                          number("height", "32 to 4096", 32, 4096, [&](int v) { url.height_px = v; })});
    if (!taken) return std::unexpected(taken.error());
    return url;
}

Result<CameraUrl> parseFile(std::string_view rest) {
    const auto [path, query] = splitQuery(rest);
    FileUrl url{.path = std::string(path)};
    if (path.empty()) return wrong("file: URL: expected file:PATH");
    auto taken = takeQuery(query, {number("loop", "0 or 1", 0, 1, [&](int v) { url.loop = v == 1; }),
                                   number("fps", "1 to 60", 1, 60, [&](int v) { url.fps = v; })});
    if (!taken) return std::unexpected(taken.error());
    return url;
}

Result<CameraUrl> parseTest(std::string_view rest) {
    const auto [path, query] = splitQuery(rest);
    if (path != "yard") return wrong("test: URL: expected test:yard");
    TestUrl url;
    const Parameter codec{"codec", "h264 or h265", [&](std::string_view text) {
                              url.codec = text == "h265" ? media::Codec::H265 : media::Codec::H264;
                              return text == "h264" || text == "h265";
                          }};
    auto taken = takeQuery(
        query, {codec,
                number("seed", "0 to 1000000", 0, 1'000'000,
                       [&](int v) { url.seed = static_cast<std::uint32_t>(v); }),
                number("width", "64 to 4096", 64, 4096, [&](int v) { url.width_px = v & ~1; }),
                number("height", "64 to 4096", 64, 4096, [&](int v) { url.height_px = v & ~1; }),
                number("fps", "1 to 60", 1, 60, [&](int v) { url.fps = v; }),
                number("empty_s", "0 to 3600", 0, 3600, [&](int v) { url.empty = std::chrono::seconds(v); }),
                number("walk_s", "1 to 3600", 1, 3600, [&](int v) { url.walk = std::chrono::seconds(v); })});
    if (!taken) return std::unexpected(taken.error());
    return url;
}

struct Scheme {
    std::string_view prefix;
    Result<CameraUrl> (*parse)(std::string_view rest);
};
constexpr std::array kSchemeTable{
    Scheme{"rtsp://", parseRtsp},
    Scheme{"v4l2:", parseV4l2},
    Scheme{"file:", parseFile},
    Scheme{"test:", parseTest},
};

bool isUserPart(char c) {
    return c != '/' && c != ' ' && c != '"' && c != '\'' && c != '?';
}

}  // namespace

Result<CameraUrl> parseCameraUrl(std::string_view url) {
    for (const Scheme& scheme : kSchemeTable) {
        if (url.starts_with(scheme.prefix)) return scheme.parse(url.substr(scheme.prefix.size()));
    }
    return wrong("camera URL: expected " + std::string(kSchemes));
}

std::string redact(std::string_view text, std::string_view secret) {
    std::string out(text);
    for (std::size_t from = out.find("//"); from != std::string::npos; from = out.find("//", from)) {
        from += 2;
        const auto begin = out.begin() + static_cast<std::ptrdiff_t>(from);
        const auto end = std::find_if_not(begin, out.end(), isUserPart);
        const auto at =
            std::find(std::make_reverse_iterator(end), std::make_reverse_iterator(begin), '@').base();
        if (at != begin) out.erase(begin, at);
    }
    if (secret.size() < 3) return out;
    for (std::size_t at = out.find(secret); at != std::string::npos; at = out.find(secret, at)) {
        out.replace(at, secret.size(), "***");
        at += 3;
    }
    return out;
}

}  // namespace camgate::camera
