#include "ipc/fetch_messages.hpp"

#include <array>

#include "ipc/codec.hpp"

namespace camgate::ipc {
namespace {

constexpr std::size_t kMostBundleUrl_bytes = 512;
constexpr std::size_t kMostReason_bytes = 512;
constexpr std::uint64_t kLargest_bytes = 1ULL << 30U;

constexpr std::array kFromFetch{
    limitOf(FetchMessage::Hello, 64),
    limitOf(FetchMessage::Piece, kMostPiece_bytes + 16),
    limitOf(FetchMessage::Done, 0),
    limitOf(FetchMessage::Failed, kMostReason_bytes + 16),
};
constexpr std::array kToFetch{
    limitOf(FetchMessage::Get, kMostBundleUrl_bytes + 32),
    limitOf(FetchMessage::Taken, 0),
};

}  // namespace

std::size_t longestFromFetch(std::uint16_t type) {
    return longestOf(kFromFetch, type);
}

std::size_t longestToFetch(std::uint16_t type) {
    return longestOf(kToFetch, type);
}

Bytes encode(const FetchOrder& order) {
    ByteWriter out;
    out.putSized(order.url);
    out.put(order.offset);
    out.put(order.bytes);
    out.put(order.pace_bytes_per_s);
    return std::move(out).take();
}

Bytes encode(const FetchPiece& piece) {
    ByteWriter out;
    out.put(piece.offset);
    out.putSized(ByteView(piece.bytes));
    return std::move(out).take();
}

Bytes encodeFetchFailure(const Error& why) {
    ByteWriter out;
    out.put(static_cast<std::uint8_t>(why.kind));
    out.putSized(std::string_view(why.context).substr(0, kMostReason_bytes));
    return std::move(out).take();
}

Result<FetchOrder> decodeFetchOrder(ByteView payload) {
    ByteReader in(payload);
    FetchOrder order;
    order.url = in.getText(kMostBundleUrl_bytes);
    order.offset = in.get<std::uint64_t>();
    order.bytes = in.get<std::uint64_t>();
    order.pace_bytes_per_s = in.get<std::uint64_t>();
    if (order.bytes > kLargest_bytes || order.offset >= order.bytes) in.markBad();
    return finish(in, std::move(order), "order of a bundle");
}

Result<FetchPiece> decodeFetchPiece(ByteView payload) {
    ByteReader in(payload);
    FetchPiece piece;
    piece.offset = in.get<std::uint64_t>();
    const ByteView bytes = in.getSized(kMostPiece_bytes);
    piece.bytes.assign(bytes.begin(), bytes.end());
    if (piece.bytes.empty() || piece.offset > kLargest_bytes) in.markBad();
    return finish(in, std::move(piece), "piece of a bundle");
}

Error decodeFetchFailure(ByteView payload) {
    ByteReader in(payload);
    const auto kind = in.get<std::uint8_t>();
    std::string context = in.getText(kMostReason_bytes);
    if (!in.done()) return {ErrorKind::Corruption, 0, "malformed message: failure of a fetch"};
    const bool known = kind <= static_cast<std::uint8_t>(ErrorKind::Internal);
    return {known ? static_cast<ErrorKind>(kind) : ErrorKind::Internal, 0, std::move(context)};
}

}  // namespace camgate::ipc
