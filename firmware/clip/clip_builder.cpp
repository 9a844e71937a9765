#include "clip/clip_builder.hpp"

#include <algorithm>

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
    if (piece.kind == PieceKind::Payload) return appendPayload(piece, from, length, out);
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
    return media::fragment(piece.record + 1, baseTicks(file, piece.record),
                           mp4Samples(file, piece.record, meta->samples));
}

Status ClipBuilder::appendPayload(const Piece& piece, std::uint64_t from, std::size_t length, Bytes& out) {
    const PlannedRecord& record = plan_.files[piece.file].records[piece.record];
    std::uint64_t first_bytes = 0;
    if (record.skipped_samples > 0) {
        const auto meta = ring_.readMeta(record.at);
        if (!meta) return std::unexpected(meta.error());
        first_bytes = meta->samples.front().size_bytes;
    }
    while (length > 0) {
        const bool behind_skipped = from >= first_bytes;
        const std::uint64_t at = behind_skipped ? from + record.skipped_bytes : from;
        const std::size_t part =
            behind_skipped ? length
                           : static_cast<std::size_t>(std::min<std::uint64_t>(length, first_bytes - from));
        const std::size_t begin = out.size();
        out.resize(begin + part);
        if (auto read = ring_.readPayload(record.at, at, std::span(out).subspan(begin)); !read) return read;
        from += part;
        length -= part;
    }
    return {};
}

}  // namespace camgate::clip
