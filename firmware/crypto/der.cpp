#include "crypto/der.hpp"

namespace camgate::crypto {
namespace {

constexpr std::size_t kLongestShort = 0x7F;

void putLength(ByteWriter& out, std::size_t length) {
    if (length <= kLongestShort) return out.put(static_cast<std::uint8_t>(length));
    int count = 0;
    for (std::size_t rest = length; rest > 0; rest >>= 8U) ++count;
    out.put(static_cast<std::uint8_t>(0x80 | count));
    while (count-- > 0)
        out.put(static_cast<std::uint8_t>((length >> (8U * static_cast<unsigned>(count))) & 0xFFU));
}

}  // namespace

void putElement(ByteWriter& out, int tag, ByteView content) {
    out.put(static_cast<std::uint8_t>(tag));
    putLength(out, content.size());
    out.putBytes(content);
}

Bytes element(int tag, ByteView content) {
    ByteWriter out;
    putElement(out, tag, content);
    return std::move(out).take();
}

}  // namespace camgate::crypto
