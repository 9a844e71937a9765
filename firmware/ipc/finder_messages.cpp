#include "ipc/finder_messages.hpp"

#include <array>

#include "ipc/codec.hpp"

namespace camgate::ipc {
namespace {

constexpr std::size_t kMostText_bytes = 256;
constexpr std::size_t kMostServiceUrl_bytes = 512;
constexpr std::uint16_t kLongestListen_ms = 10'000;
constexpr std::uint32_t kMostNumber = 1'000'000;

constexpr std::array kFromFinder{
    limitOf(FinderMessage::Hello, 64),
    limitOf(FinderMessage::Found, kMostFound * 1400),
    limitOf(FinderMessage::Described, kMostOfferedStreams * 1100 + 2048),
    limitOf(FinderMessage::Failed, 1024),
};
constexpr std::array kToFinder{
    limitOf(FinderMessage::Search, 512),
    limitOf(FinderMessage::Describe, 2048),
};

std::uint32_t getNumber(ByteReader& in) {
    const auto value = in.get<std::uint32_t>();
    if (value > kMostNumber) in.markBad();
    return value;
}

OfferedStream getOffered(ByteReader& in) {
    OfferedStream stream;
    stream.name = in.getText(kMostText_bytes);
    stream.url = in.getText(kMostServiceUrl_bytes);
    stream.codec = in.getText(16);
    stream.width_px = getNumber(in);
    stream.height_px = getNumber(in);
    stream.fps = getNumber(in);
    stream.kbps = getNumber(in);
    return stream;
}

}  // namespace

std::size_t longestFromFinder(std::uint16_t type) {
    return longestOf(kFromFinder, type);
}

std::size_t longestToFinder(std::uint16_t type) {
    return longestOf(kToFinder, type);
}

Bytes encode(const FinderSearch& search) {
    ByteWriter out;
    out.putSized(search.interface);
    out.put(search.listen_ms);
    putBool(out, search.scan_ports);
    return std::move(out).take();
}

Bytes encode(const FinderDescribe& describe) {
    ByteWriter out;
    out.putSized(describe.service_url);
    out.putSized(describe.user);
    out.putSized(describe.password);
    return std::move(out).take();
}

Bytes encode(const std::vector<FoundCamera>& found) {
    ByteWriter out;
    out.put(static_cast<std::uint8_t>(found.size()));
    for (const FoundCamera& camera : found) {
        out.putSized(camera.address);
        out.putSized(camera.service_url);
        out.putSized(camera.name);
        out.putSized(camera.hardware);
    }
    return std::move(out).take();
}

Bytes encode(const CameraDescription& description) {
    ByteWriter out;
    out.putSized(description.manufacturer);
    out.putSized(description.model);
    out.putSized(description.firmware);
    putBool(out, description.clock_ahead_s.has_value());
    out.put(description.clock_ahead_s.value_or(0));
    out.put(static_cast<std::uint8_t>(description.streams.size()));
    for (const OfferedStream& stream : description.streams) {
        out.putSized(stream.name);
        out.putSized(stream.url);
        out.putSized(stream.codec);
        for (const auto number : {stream.width_px, stream.height_px, stream.fps, stream.kbps})
            out.put(number);
    }
    out.put(description.main);
    putBool(out, description.sub.has_value());
    out.put(description.sub.value_or(0));
    out.putSized(description.why);
    return std::move(out).take();
}

Bytes encodeFinderFailure(const Error& why) {
    ByteWriter out;
    out.put(static_cast<std::uint8_t>(why.kind));
    out.putSized(std::string_view(why.context).substr(0, kMostServiceUrl_bytes));
    return std::move(out).take();
}

Result<FinderSearch> decodeFinderSearch(ByteView payload) {
    ByteReader in(payload);
    FinderSearch search;
    search.interface = in.getText(32);
    search.listen_ms = in.get<std::uint16_t>();
    if (search.listen_ms > kLongestListen_ms) in.markBad();
    search.scan_ports = getBool(in);
    return finish(in, std::move(search), "search");
}

Result<FinderDescribe> decodeFinderDescribe(ByteView payload) {
    ByteReader in(payload);
    FinderDescribe describe;
    describe.service_url = in.getText(kMostServiceUrl_bytes);
    describe.user = in.getText(kMostText_bytes);
    describe.password = in.getText(kMostText_bytes);
    return finish(in, std::move(describe), "describe");
}

Result<std::vector<FoundCamera>> decodeFound(ByteView payload) {
    ByteReader in(payload);
    const std::size_t count = in.get<std::uint8_t>();
    if (count > kMostFound) in.markBad();
    std::vector<FoundCamera> found;
    for (std::size_t i = 0; in.ok() && i < count; ++i) {
        FoundCamera camera;
        camera.address = in.getText(64);
        camera.service_url = in.getText(kMostServiceUrl_bytes);
        camera.name = in.getText(kMostText_bytes);
        camera.hardware = in.getText(kMostText_bytes);
        found.push_back(std::move(camera));
    }
    return finish(in, std::move(found), "found cameras");
}

Result<CameraDescription> decodeDescription(ByteView payload) {
    ByteReader in(payload);
    CameraDescription out;
    out.manufacturer = in.getText(kMostText_bytes);
    out.model = in.getText(kMostText_bytes);
    out.firmware = in.getText(kMostText_bytes);
    const bool has_clock = getBool(in);
    if (const auto ahead = in.get<std::int64_t>(); has_clock) out.clock_ahead_s = ahead;
    const std::size_t count = in.get<std::uint8_t>();
    if (count > kMostOfferedStreams) in.markBad();
    for (std::size_t i = 0; in.ok() && i < count; ++i) out.streams.push_back(getOffered(in));
    out.main = in.get<std::uint8_t>();
    const bool has_sub = getBool(in);
    if (const auto sub = in.get<std::uint8_t>(); has_sub) out.sub = sub;
    out.why = in.getText(kMostServiceUrl_bytes);
    if (out.main >= count || (out.sub && *out.sub >= count)) in.markBad();
    return finish(in, std::move(out), "description of a camera");
}

Error decodeFinderFailure(ByteView payload) {
    ByteReader in(payload);
    const auto kind = in.get<std::uint8_t>();
    std::string context = in.getText(kMostServiceUrl_bytes);
    if (!in.done()) return {ErrorKind::Corruption, 0, "malformed message: failure of a search"};
    const bool known = kind <= static_cast<std::uint8_t>(ErrorKind::Internal);
    return {known ? static_cast<ErrorKind>(kind) : ErrorKind::Internal, 0, std::move(context)};
}

}  // namespace camgate::ipc
