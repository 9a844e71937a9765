#include "media/box_writer.hpp"

namespace camgate::media {

std::size_t BoxWriter::open(std::string_view type) {
    const std::size_t box = bytes_.size();
    u32(0);
    text(type);
    return box;
}

std::size_t BoxWriter::open(std::string_view type, std::uint8_t version, std::uint32_t flags) {
    const std::size_t box = open(type);
    u8(version);
    u24(flags);
    return box;
}

void BoxWriter::close(std::size_t box) {
    const std::size_t size = bytes_.size() - box;
    for (unsigned i = 0; i < 4; ++i) bytes_[box + i] = static_cast<std::uint8_t>(size >> (24 - 8 * i));
}

void BoxWriter::put(std::uint64_t value, unsigned count) {
    for (unsigned i = count; i-- > 0;) bytes_.push_back(static_cast<std::uint8_t>(value >> (8 * i)));
}

}  // namespace camgate::media
