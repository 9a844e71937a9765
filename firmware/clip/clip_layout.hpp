// Where each byte of a clip comes from: files one after another, each an init segment and per record its
// record box, a fragment's header and the whole payload. All sizes follow from the plan; no footage is read.
// Values, any thread. Implements docs/ref/clip.md (Bytes).
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "clip/clip_plan.hpp"
#include "media/mp4_writer.hpp"

namespace camgate::clip {

enum class PieceKind : std::uint8_t { Init, RecordHeader, Payload };

struct Piece {
    std::uint64_t offset = 0;  ///< in the clip
    std::uint64_t bytes = 0;
    PieceKind kind = PieceKind::Init;
    std::uint32_t file = 0;
    std::uint32_t record = 0;  ///< in its file
};

class ClipLayout {
  public:
    explicit ClipLayout(const ClipPlan& plan);

    std::uint64_t bytes() const { return bytes_; }
    const std::vector<std::uint64_t>& fileBytes() const { return file_bytes_; }
    /// Index of the piece that holds this byte of the clip; the offset must be below bytes().
    std::size_t pieceAt(std::uint64_t offset) const;
    std::span<const Piece> pieces() const { return pieces_; }

  private:
    void add(PieceKind kind, std::size_t file, std::size_t record, std::uint64_t bytes);

    std::vector<Piece> pieces_;
    std::vector<std::uint64_t> file_bytes_;
    std::uint64_t bytes_ = 0;
};

/// The fragment's boxes in front of the payload. The samples stand in the file's timeline: those left out are
/// passed over, the last one reaches to the next record, however far.
[[nodiscard]] Result<Bytes> fragmentHeader(const PlannedFile& file, std::size_t record,
                                           const std::vector<ring::Sample>& samples);
std::uint64_t fileTicks(const PlannedFile& file);

}  // namespace camgate::clip
