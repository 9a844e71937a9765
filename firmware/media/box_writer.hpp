// Big-endian bytes and nested boxes as ISO/IEC 14496-12 has them. Any thread, one owner.
#pragma once

#include <cstdint>
#include <string_view>

#include "base/bytes.hpp"

namespace camgate::media {

class BoxWriter {
  public:
    void u8(std::uint8_t value) { bytes_.push_back(value); }
    void u16(std::uint16_t value) { put(value, 2); }
    void u24(std::uint32_t value) { put(value, 3); }
    void u32(std::uint32_t value) { put(value, 4); }
    void u64(std::uint64_t value) { put(value, 8); }
    void bytes(ByteView view) { bytes_.insert(bytes_.end(), view.begin(), view.end()); }
    void zeros(std::size_t count) { bytes_.resize(bytes_.size() + count); }
    void text(std::string_view value) { bytes(asBytes(value)); }

    /// Opens a box (with version and flags: a full box); returns what close() needs to fill in its size.
    std::size_t open(std::string_view type);
    std::size_t open(std::string_view type, std::uint8_t version, std::uint32_t flags);
    void close(std::size_t box);

    std::size_t size() const { return bytes_.size(); }
    Bytes take() && { return std::move(bytes_); }

  private:
    void put(std::uint64_t value, unsigned count);

    Bytes bytes_;
};

}  // namespace camgate::media
