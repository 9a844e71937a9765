#include "ipc/priv_messages.hpp"

#include "ipc/codec.hpp"

namespace camgate::ipc {
namespace {

constexpr std::size_t kMostPath_bytes = 256;
constexpr std::size_t kMostVersion_bytes = 128;
constexpr std::size_t kMostWords_bytes = 1024;
constexpr std::uint8_t kMostTries = 16;
constexpr std::size_t kMostAddress_bytes = 32;
constexpr std::uint8_t kMostNameServers = 3;

constexpr std::array kFromPriv{
    limitOf(PrivMessage::Hello, 64),     limitOf(PrivMessage::SlotsAre, 512),
    limitOf(PrivMessage::BundleIs, 512), limitOf(PrivMessage::Progress, 1),
    limitOf(PrivMessage::Done, 0),       limitOf(PrivMessage::Failed, kMostWords_bytes + 16),
};
constexpr std::array kToPriv{
    limitOf(PrivMessage::Slots, 0),
    limitOf(PrivMessage::Inspect, kMostPath_bytes + 4),
    limitOf(PrivMessage::Install, kMostPath_bytes + 4),
    limitOf(PrivMessage::Activate, 1),
    limitOf(PrivMessage::MarkGood, 0),
    limitOf(PrivMessage::Restart, 0),
    limitOf(PrivMessage::Network, 256),
};

std::uint8_t getBelow(ByteReader& in, std::uint8_t bound) {
    const auto value = in.get<std::uint8_t>();
    if (value >= bound) in.markBad();
    return value;
}

}  // namespace

std::size_t longestFromPriv(std::uint16_t type) {
    return longestOf(kFromPriv, type);
}

std::size_t longestToPriv(std::uint16_t type) {
    return longestOf(kToPriv, type);
}

Bytes encodePrivPath(const std::string& path) {
    ByteWriter out;
    out.putSized(path);
    return std::move(out).take();
}

Bytes encodePrivSlot(std::uint8_t slot) {
    return {slot};
}

Bytes encode(const NetworkOrder& order) {
    ByteWriter out;
    out.putSized(order.address);
    out.putSized(order.router);
    out.put(static_cast<std::uint8_t>(order.name_servers.size()));
    for (const std::string& server : order.name_servers) out.putSized(server);
    return std::move(out).take();
}

Bytes encode(const SlotsReport& report) {
    ByteWriter out;
    out.put(report.running);
    out.put(report.first);
    for (const std::uint8_t tries : report.tries_left) out.put(tries);
    for (const std::string& version : report.versions)
        out.putSized(std::string_view(version).substr(0, kMostVersion_bytes));
    out.putSized(std::string_view(report.compatible).substr(0, kMostVersion_bytes));
    putBool(out, report.installing);
    return std::move(out).take();
}

Bytes encode(const BundleReport& report) {
    ByteWriter out;
    out.putSized(std::string_view(report.compatible).substr(0, kMostVersion_bytes));
    out.putSized(std::string_view(report.version).substr(0, kMostVersion_bytes));
    return std::move(out).take();
}

Bytes encodePrivProgress(std::uint8_t percent) {
    return {percent};
}

Bytes encodePrivFailure(const Error& why) {
    ByteWriter out;
    out.put(static_cast<std::uint8_t>(why.kind));
    out.putSized(std::string_view(why.context).substr(0, kMostWords_bytes));
    return std::move(out).take();
}

/// Absolute, and no way around: "/a/b.raucb".
Result<std::string> decodePrivPath(ByteView payload) {
    ByteReader in(payload);
    std::string path = in.getText(kMostPath_bytes);
    const bool plain =
        path.starts_with('/') && path.find("..") == std::string::npos && path.find('\0') == std::string::npos;
    if (!plain) in.markBad();
    return finish(in, std::move(path), "path of a bundle");
}

Result<std::uint8_t> decodePrivSlot(ByteView payload) {
    ByteReader in(payload);
    const std::uint8_t slot = getBelow(in, 2);
    return finish(in, slot, "slot");
}

Result<NetworkOrder> decodeNetworkOrder(ByteView payload) {
    ByteReader in(payload);
    NetworkOrder order;
    order.address = in.getText(kMostAddress_bytes);
    order.router = in.getText(kMostAddress_bytes);
    order.name_servers.resize(getBelow(in, kMostNameServers + 1));
    for (std::string& server : order.name_servers) server = in.getText(kMostAddress_bytes);
    return finish(in, std::move(order), "network");
}

Result<SlotsReport> decodeSlotsReport(ByteView payload) {
    ByteReader in(payload);
    SlotsReport report;
    report.running = getBelow(in, 2);
    report.first = getBelow(in, 2);
    for (std::uint8_t& tries : report.tries_left) tries = getBelow(in, kMostTries);
    for (std::string& version : report.versions) version = in.getText(kMostVersion_bytes);
    report.compatible = in.getText(kMostVersion_bytes);
    report.installing = getBool(in);
    return finish(in, std::move(report), "slots");
}

Result<BundleReport> decodeBundleReport(ByteView payload) {
    ByteReader in(payload);
    BundleReport report;
    report.compatible = in.getText(kMostVersion_bytes);
    report.version = in.getText(kMostVersion_bytes);
    return finish(in, std::move(report), "bundle");
}

Result<std::uint8_t> decodePrivProgress(ByteView payload) {
    ByteReader in(payload);
    const std::uint8_t percent = getBelow(in, 101);
    return finish(in, percent, "progress");
}

Error decodePrivFailure(ByteView payload) {
    ByteReader in(payload);
    const auto kind = in.get<std::uint8_t>();
    std::string context = in.getText(kMostWords_bytes);
    if (!in.done()) return {ErrorKind::Corruption, 0, "malformed message: failure of a verb"};
    const bool known = kind <= static_cast<std::uint8_t>(ErrorKind::Internal);
    return {known ? static_cast<ErrorKind>(kind) : ErrorKind::Internal, 0, std::move(context)};
}

}  // namespace camgate::ipc
