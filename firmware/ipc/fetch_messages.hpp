// What camgated and the worker that fetches a bundle say to each other: one order, pieces that are taken one
// after another, the end. Decoders check every length and number and answer Corruption. Implements
// docs/ref/ipc.md (Fetch). Any thread.
#pragma once

#include <cstdint>
#include <string>

#include "base/bytes.hpp"
#include "base/result.hpp"

namespace camgate::ipc {

enum class FetchMessage : std::uint16_t {
    // to the worker
    Get = 1,
    Taken = 2,
    // from the worker
    Hello = 16,
    Piece = 17,
    Done = 18,
    Failed = 19,
};

constexpr std::size_t kMostPiece_bytes = 48U << 10U;
/// Pieces on their way that were not taken yet.
constexpr std::size_t kMostPieces = 8;

struct FetchOrder {
    std::string url;
    std::uint64_t offset = 0;  ///< what is here already
    std::uint64_t bytes = 0;   ///< of the whole
    std::uint64_t pace_bytes_per_s = 0;
    bool operator==(const FetchOrder&) const = default;
};

struct FetchPiece {
    std::uint64_t offset = 0;
    Bytes bytes;
    bool operator==(const FetchPiece&) const = default;
};

std::size_t longestFromFetch(std::uint16_t type);
std::size_t longestToFetch(std::uint16_t type);

Bytes encode(const FetchOrder& order);
Bytes encode(const FetchPiece& piece);
Bytes encodeFetchFailure(const Error& why);

[[nodiscard]] Result<FetchOrder> decodeFetchOrder(ByteView payload);
[[nodiscard]] Result<FetchPiece> decodeFetchPiece(ByteView payload);
/// What went wrong; Corruption if the message itself is malformed, Internal with an odd kind.
Error decodeFetchFailure(ByteView payload);

}  // namespace camgate::ipc
