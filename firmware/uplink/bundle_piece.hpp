// How a bundle comes over MQTT: what the gateway asks for, and the pieces that answer it; both ends read and
// write them here. Hostile input is Corruption, never more memory than the message. Any thread. Implements
// docs/ref/mqtt.md (update/<sha256>/wanted, update/<sha256>/piece).
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/bytes.hpp"
#include "uplink/hub_messages.hpp"

namespace camgate::uplink {

constexpr std::size_t kPieceHeader_bytes = 20;
/// With its header.
constexpr std::size_t kLongestPiece_bytes = 60U << 10U;
/// Of the bundle, unless it ends a range: so few wait to be written.
constexpr std::size_t kShortestPiece_bytes = 8U << 10U;

/// What is missing of a bundle, as far as it may come now.
struct Wanted {
    std::uint32_t request = 0;  ///< the pieces carry it
    std::vector<ByteRange> missing;
};
std::string wantedJson(const Wanted& wanted);
/// At least one range, at most 16.
[[nodiscard]] Result<Wanted> parseWanted(ByteView payload);

/// Why no bytes follow.
enum class PieceRefusal : std::uint8_t {
    Unknown,    ///< the hub has no bundle of that hash
    BeyondEnd,  ///< it has, and it ends before what was asked for
};

struct Piece {
    std::uint32_t request = 0;
    std::uint64_t offset_bytes = 0;
    std::optional<PieceRefusal> refusal;  ///< then there are no bytes
    ByteView bytes;                       ///< of the message
};
Bytes pieceMessage(const Piece& piece);
[[nodiscard]] Result<Piece> parsePiece(ByteView message);

}  // namespace camgate::uplink
