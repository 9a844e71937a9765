#include "clip/clip_builder.hpp"

#include <algorithm>

#include "evidence/record_box.hpp"
#include "ring/record_codec.hpp"

namespace camgate::clip {

ClipBuilder::ClipBuilder(ring::Ring& ring, ClipPlan plan)
    : ring_(ring), plan_(std::move(plan)), layout_(plan_) {}

std::vector<ring::RecordLocation> ClipBuilder::records() const {
    std::vector<ring::RecordLocation> all;
    for (const PlannedFile& file : plan_.files) {
        for (const PlannedRecord& record : file.records) all.push_back(record.at);
    }
    return all;
}

Result<Bytes> ClipBuilder::read(std::uint64_t offset, std::size_t length_bytes) {
    if (offset > layout_.bytes()) return fail(ErrorKind::InvalidArgument, "beyond the clip's end");
    Bytes out;
    std::uint64_t left = std::min<std::uint64_t>(length_bytes, layout_.bytes() - offset);
    if (left == 0) return out;
    out.reserve(static_cast<std::size_t>(left));
    for (std::size_t i = layout_.pieceAt(offset); left > 0; ++i) {
        const Piece& piece = layout_.pieces()[i];
        const std::uint64_t from = offset - piece.offset;
        const auto length = static_cast<std::size_t>(std::min(left, piece.bytes - from));
        if (auto done = append(piece, from, length, out); !done) return std::unexpected(done.error());
        offset += length;
        left -= length;
    }
    return out;
}

Status ClipBuilder::append(const Piece& piece, std::uint64_t from, std::size_t length, Bytes& out) {
    if (piece.kind == PieceKind::Payload) {
        const std::size_t begin = out.size();
        out.resize(begin + length);
        return ring_.readPayload(plan_.files[piece.file].records[piece.record].at, from,
                                 std::span(out).subspan(begin));
    }
    if (built_at_ != piece.offset) {
        auto built = build(piece);
        if (!built) return std::unexpected(built.error());
        if (built->size() != piece.bytes)
            return fail(ErrorKind::Internal, "a clip's header is not as long as planned");
        built_ = std::move(*built);
        built_at_ = piece.offset;
    }
    const ByteView part = ByteView(built_).subspan(static_cast<std::size_t>(from), length);
    out.insert(out.end(), part.begin(), part.end());
    return {};
}

Result<Bytes> ClipBuilder::build(const Piece& piece) {
    const PlannedFile& file = plan_.files[piece.file];
    if (piece.kind == PieceKind::Init) {
        return media::initSegment(file.config, {file.records.front().wallStart(), fileTicks(file)});
    }
    const PlannedRecord& record = file.records[piece.record];
    const auto meta = ring_.readMeta(record.at);
    if (!meta) return std::unexpected(meta.error());
    if (meta->leaf != record.leaf || meta->samples.size() != record.samples) {
        return fail(ErrorKind::Corruption, "a record is not the one that was planned");
    }
    const auto fragment = fragmentHeader(file, piece.record, meta->samples);
    if (!fragment) return fragment;
    Bytes bytes = evidence::recordBox(ring::encodeHeader(meta->header), ring::encodeSamples(meta->samples));
    bytes.insert(bytes.end(), fragment->begin(), fragment->end());
    return bytes;
}

}  // namespace camgate::clip
