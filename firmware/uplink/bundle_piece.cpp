#include "uplink/bundle_piece.hpp"

#include <algorithm>
#include <limits>
#include <nlohmann/json.hpp>

#include "evidence/bounded_json.hpp"
#include "evidence/object_reader.hpp"

namespace camgate::uplink {
namespace {

using Json = nlohmann::json;

constexpr std::string_view kMagic = "CGU1";
constexpr std::uint32_t kRefused = 1;
constexpr std::size_t kMaxWantedRanges = 16;
constexpr std::size_t kLongestWanted_bytes = 4096;

constexpr evidence::Names<PieceRefusal, 2> kRefusals{
    {{"unknown", PieceRefusal::Unknown}, {"beyond-end", PieceRefusal::BeyondEnd}}};

std::optional<std::vector<ByteRange>> readRanges(const Json& document) {
    const auto missing = document.find("missing");
    if (missing == document.end() || !missing->is_array()) return std::nullopt;
    if (missing->empty() || missing->size() > kMaxWantedRanges) return std::nullopt;
    std::vector<ByteRange> ranges;
    for (const auto& value : *missing) {
        const auto range = readByteRange(value);
        if (!range) return std::nullopt;
        ranges.push_back(*range);
    }
    return ranges;
}

}  // namespace

std::string wantedJson(const Wanted& wanted) {
    Json missing = Json::array();
    for (const auto& range : wanted.missing) missing.push_back({range.from, range.to});
    return Json{{"v", 1}, {"request", wanted.request}, {"missing", std::move(missing)}}.dump();
}

Result<Wanted> parseWanted(ByteView payload) {
    const auto document = evidence::parseBoundedObject(asText(payload), kLongestWanted_bytes);
    if (!document) return std::unexpected(document.error());
    evidence::ObjectReader in(*document);
    in.number("v", 1, 1);
    Wanted wanted;
    wanted.request =
        static_cast<std::uint32_t>(in.number("request", 0, std::numeric_limits<std::uint32_t>::max()));
    auto ranges = readRanges(*document);
    if (!ranges) in.setFault("missing", "an array of 1 to 16 ranges [from, to]");
    if (auto status = in.status(); !status) return std::unexpected(status.error());
    wanted.missing = std::move(*ranges);
    return wanted;
}

Bytes pieceMessage(const Piece& piece) {
    ByteWriter out;
    out.putBytes(asBytes(kMagic));
    out.put(piece.refusal ? kRefused : 0U);
    out.put(piece.request);
    out.put(piece.offset_bytes);
    const std::string why = piece.refusal ? evidence::nameOf(kRefusals, *piece.refusal) : std::string();
    out.putBytes(piece.refusal ? asBytes(why) : piece.bytes);
    return std::move(out).take();
}

Result<Piece> parsePiece(ByteView message) {
    if (message.size() > kLongestPiece_bytes) return fail(ErrorKind::Corruption, "a piece that is too long");
    ByteReader in(message);
    const ByteView magic = in.getBytes(kMagic.size());
    const auto flags = in.get<std::uint32_t>();
    Piece piece;
    piece.request = in.get<std::uint32_t>();
    piece.offset_bytes = in.get<std::uint64_t>();
    if (!in.ok() || asText(magic) != kMagic) return fail(ErrorKind::Corruption, "not a piece");
    if (flags > kRefused) return fail(ErrorKind::Corruption, "a piece of a later version");
    if (in.rest().empty()) return fail(ErrorKind::Corruption, "a piece without bytes");
    if (flags == 0) {
        piece.bytes = in.rest();
        return piece;
    }
    const auto* const row =
        std::ranges::find_if(kRefusals, [&](const auto& each) { return each.first == asText(in.rest()); });
    if (row == kRefusals.end()) return fail(ErrorKind::Corruption, "a refusal that nobody knows");
    piece.refusal = row->second;
    return piece;
}

}  // namespace camgate::uplink
