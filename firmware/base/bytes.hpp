// Byte spans, checked little-endian reading and writing, hex and base64: what every format of camgate is
// built with. A ByteReader that runs out stays failed and reads zeros; ask ok() once at the end. Any thread.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

#include "base/result.hpp"

namespace camgate {

using Bytes = std::vector<std::uint8_t>;
using ByteView = std::span<const std::uint8_t>;

inline ByteView asBytes(std::string_view text) {
    return {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()};
}
inline std::string_view asText(ByteView bytes) {
    return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

class ByteWriter {
  public:
    template <class T>
    requires std::is_integral_v<T>
    void put(T value) {
        auto bits = static_cast<std::make_unsigned_t<T>>(value);
        for (std::size_t i = 0; i < sizeof(T); ++i) {
            bytes_.push_back(static_cast<std::uint8_t>(bits & 0xFFU));
            if constexpr (sizeof(T) > 1) bits = static_cast<std::make_unsigned_t<T>>(bits >> 8U);
        }
    }
    void putFloat(float value);
    void putBytes(ByteView bytes) { bytes_.insert(bytes_.end(), bytes.begin(), bytes.end()); }
    /// u32 length, then the bytes.
    void putSized(ByteView bytes);
    void putSized(std::string_view text) { putSized(asBytes(text)); }
    std::size_t size() const { return bytes_.size(); }
    const Bytes& bytes() const& { return bytes_; }
    Bytes take() && { return std::move(bytes_); }

  private:
    Bytes bytes_;
};

class ByteReader {
  public:
    explicit ByteReader(ByteView bytes) : rest_(bytes) {}

    template <class T>
    requires std::is_integral_v<T> T get() {
        const ByteView raw = getBytes(sizeof(T));
        std::make_unsigned_t<T> value = 0;
        for (std::size_t i = raw.size(); i-- > 0;) {
            if constexpr (sizeof(T) > 1) value = static_cast<std::make_unsigned_t<T>>(value << 8U);
            value = static_cast<std::make_unsigned_t<T>>(value | raw[i]);
        }
        return static_cast<T>(value);
    }
    float getFloat();
    ByteView getBytes(std::size_t count);
    /// u32 length, then the bytes; fails if longer than `limit_bytes` or than what is left.
    ByteView getSized(std::size_t limit_bytes);
    std::string getText(std::size_t limit_bytes) { return std::string(asText(getSized(limit_bytes))); }
    ByteView rest() const { return rest_; }
    bool ok() const { return ok_; }
    /// Nothing failed and nothing is left over.
    bool done() const { return ok_ && rest_.empty(); }
    void markBad() { ok_ = false; }

  private:
    ByteView rest_;
    bool ok_ = true;
};

bool allZero(ByteView bytes);

std::string toHex(ByteView bytes);
[[nodiscard]] Result<Bytes> fromHex(std::string_view text);
std::string toBase64(ByteView bytes);
[[nodiscard]] Result<Bytes> fromBase64(std::string_view text);

/// CRC-32C (Castagnoli), as in iSCSI and ext4. `crc` continues an earlier call's result.
std::uint32_t crc32c(ByteView bytes, std::uint32_t crc = 0);

}  // namespace camgate
