// What camgated and a worker that looks for cameras say to each other: one question, one answer, and the
// worker ends. Decoders check every length and number and answer Corruption. Implements docs/ref/ipc.md. Any
// thread.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/bytes.hpp"
#include "base/result.hpp"

namespace camgate::ipc {

enum class FinderMessage : std::uint16_t {
    // to the worker
    Search = 1,
    Describe = 2,
    // from the worker
    Hello = 16,
    Found = 17,
    Described = 18,
    Failed = 19,
};

constexpr std::size_t kMostFound = 64;
constexpr std::size_t kMostOfferedStreams = 16;

struct FinderSearch {
    std::string interface;           ///< name; empty: every one but loopback
    std::uint16_t listen_ms = 3000;  ///< at most 10,000
    bool scan_ports = false;         ///< of the own subnet, at most 256 hosts
};

struct FoundCamera {
    std::string address;      ///< who answered
    std::string service_url;  ///< ONVIF's device service; empty: an RTSP port is open, no more is known
    std::string name;
    std::string hardware;
    bool operator==(const FoundCamera&) const = default;
};

struct FinderDescribe {
    std::string service_url;
    std::string user;
    std::string password;
};

struct OfferedStream {
    std::string name;
    std::string url;
    std::string codec;           ///< "h264", "h265", "jpeg", ...
    std::uint32_t width_px = 0;  ///< 0, here and below: the camera does not say
    std::uint32_t height_px = 0;
    std::uint32_t fps = 0;
    std::uint32_t kbps = 0;
    bool operator==(const OfferedStream&) const = default;
};

struct CameraDescription {
    std::string manufacturer, model, firmware;
    std::optional<std::int64_t> clock_ahead_s;  ///< of this machine's
    std::vector<OfferedStream> streams;
    std::uint8_t main = 0;            ///< number of the stream to record
    std::optional<std::uint8_t> sub;  ///< of the one for motion and preview
    std::string why;                  ///< these two, for people
    bool operator==(const CameraDescription&) const = default;
};

std::size_t longestFromFinder(std::uint16_t type);
std::size_t longestToFinder(std::uint16_t type);

Bytes encode(const FinderSearch& search);
Bytes encode(const FinderDescribe& describe);
Bytes encode(const std::vector<FoundCamera>& found);
Bytes encode(const CameraDescription& description);
Bytes encodeFinderFailure(const Error& why);

[[nodiscard]] Result<FinderSearch> decodeFinderSearch(ByteView payload);
[[nodiscard]] Result<FinderDescribe> decodeFinderDescribe(ByteView payload);
[[nodiscard]] Result<std::vector<FoundCamera>> decodeFound(ByteView payload);
[[nodiscard]] Result<CameraDescription> decodeDescription(ByteView payload);
/// What went wrong; Corruption if the message itself is malformed, Internal with an odd kind.
Error decodeFinderFailure(ByteView payload);

}  // namespace camgate::ipc
