// Turns a plan into bytes, any range of them, with no more memory than a record. Nothing is stored: the
// ring's records are the clip. Storage thread only. Implements docs/ref/clip.md.
#pragma once

#include "clip/clip_layout.hpp"
#include "ring/ring.hpp"

namespace camgate::clip {

class ClipBuilder {
  public:
    /// The ring outlives the builder.
    ClipBuilder(ring::Ring& ring, ClipPlan plan);

    const ClipPlan& plan() const { return plan_; }
    const ClipLayout& layout() const { return layout_; }
    /// Every record that the clip needs, for Ring::pin().
    std::vector<ring::RecordLocation> records() const;
    /// As many bytes as are left from `offset`, at most `length_bytes`. NotFound: overwritten since;
    /// Corruption: the card brought back something else.
    [[nodiscard]] Result<Bytes> read(std::uint64_t offset, std::size_t length_bytes);

  private:
    [[nodiscard]] Status append(const Piece& piece, std::uint64_t from, std::size_t length, Bytes& out);
    [[nodiscard]] Result<Bytes> build(const Piece& piece);

    ring::Ring& ring_;
    ClipPlan plan_;
    ClipLayout layout_;
    std::uint64_t built_at_ = UINT64_MAX;
    Bytes built_;  // the piece in front of a payload that was read last
};

}  // namespace camgate::clip
