// A clip as a verifier reads it: any part of its bytes, from wherever they lie. One thread.
#pragma once

#include <algorithm>
#include <cstdint>
#include <span>

#include "base/bytes.hpp"

namespace camgate::evidence {

class ClipBytes {
  public:
    virtual ~ClipBytes() = default;
    virtual std::uint64_t size() const = 0;
    /// Exactly `into.size()` bytes, all of them within size().
    [[nodiscard]] virtual Status read(std::uint64_t offset, std::span<std::uint8_t> into) = 0;

    [[nodiscard]] Result<Bytes> read(std::uint64_t offset, std::size_t length_bytes) {
        Bytes bytes(length_bytes);
        if (auto done = read(offset, bytes); !done) return std::unexpected(done.error());
        return bytes;
    }
};

/// The caller's bytes outlive it.
class MemoryClip final : public ClipBytes {
  public:
    explicit MemoryClip(ByteView bytes) : bytes_(bytes) {}
    using ClipBytes::read;
    std::uint64_t size() const override { return bytes_.size(); }
    Status read(std::uint64_t offset, std::span<std::uint8_t> into) override {
        if (offset > bytes_.size() || into.size() > bytes_.size() - offset) {
            return fail(ErrorKind::InvalidArgument, "beyond the clip's end");
        }
        const ByteView part = bytes_.subspan(static_cast<std::size_t>(offset), into.size());
        std::copy(part.begin(), part.end(), into.begin());
        return {};
    }

  private:
    ByteView bytes_;
};

}  // namespace camgate::evidence
