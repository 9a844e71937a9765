#include "base/bytes.hpp"

#include <algorithm>
#include <array>
#include <bit>

namespace camgate {
namespace {

constexpr std::string_view kHexDigits = "0123456789abcdef";
constexpr std::string_view kBase64Digits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

constexpr std::array<std::int8_t, 256> digitValues(std::string_view digits) {
    std::array<std::int8_t, 256> values{};
    values.fill(-1);
    for (std::size_t i = 0; i < digits.size(); ++i)
        values[static_cast<std::uint8_t>(digits[i])] = static_cast<std::int8_t>(i);
    return values;
}

/// Slicing by 8: table k is the CRC of a byte followed by k zero bytes.
constexpr auto makeCrcTables() {
    std::array<std::array<std::uint32_t, 256>, 8> tables{};
    for (std::uint32_t i = 0; i < 256; ++i) {
        std::uint32_t crc = i;
        for (int bit = 0; bit < 8; ++bit) crc = (crc >> 1U) ^ ((crc & 1U) != 0 ? 0x82F63B78U : 0U);
        tables[0][i] = crc;
    }
    for (std::size_t k = 1; k < 8; ++k) {
        for (std::size_t i = 0; i < 256; ++i) {
            const std::uint32_t before = tables[k - 1][i];
            tables[k][i] = (before >> 8U) ^ tables[0][before & 0xFFU];
        }
    }
    return tables;
}

}  // namespace

void ByteWriter::putFloat(float value) {
    put(std::bit_cast<std::uint32_t>(value));
}

void ByteWriter::putSized(ByteView bytes) {
    put(static_cast<std::uint32_t>(bytes.size()));
    putBytes(bytes);
}

float ByteReader::getFloat() {
    return std::bit_cast<float>(get<std::uint32_t>());
}

ByteView ByteReader::getBytes(std::size_t count) {
    if (!ok_ || count > rest_.size()) {
        ok_ = false;
        return {};
    }
    const ByteView taken = rest_.first(count);
    rest_ = rest_.subspan(count);
    return taken;
}

ByteView ByteReader::getSized(std::size_t limit_bytes) {
    const auto length = get<std::uint32_t>();
    if (length > limit_bytes) ok_ = false;
    return getBytes(ok_ ? length : 0);
}

bool allZero(ByteView bytes) {
    return std::ranges::all_of(bytes, [](std::uint8_t byte) { return byte == 0; });
}

std::string toHex(ByteView bytes) {
    std::string text;
    text.reserve(bytes.size() * 2);
    for (const std::uint8_t byte : bytes) {
        text += kHexDigits[byte >> 4U];
        text += kHexDigits[byte & 15U];
    }
    return text;
}

Result<Bytes> fromHex(std::string_view text) {
    static constexpr auto values = digitValues(kHexDigits);
    if (text.size() % 2 != 0) return fail(ErrorKind::InvalidArgument, "hex text of odd length");
    Bytes bytes;
    bytes.reserve(text.size() / 2);
    for (std::size_t i = 0; i < text.size(); i += 2) {
        const int high = values[static_cast<std::uint8_t>(text[i])];
        const int low = values[static_cast<std::uint8_t>(text[i + 1])];
        if (high < 0 || low < 0)
            return fail(ErrorKind::InvalidArgument, "not a hex digit at " + std::to_string(i));
        bytes.push_back(static_cast<std::uint8_t>(high * 16 + low));
    }
    return bytes;
}

std::string toBase64(ByteView bytes) {
    std::string text;
    text.reserve((bytes.size() + 2) / 3 * 4);
    for (std::size_t i = 0; i < bytes.size(); i += 3) {
        const std::size_t left = bytes.size() - i;
        const std::uint32_t group = std::uint32_t{bytes[i]} << 16U |
                                    (left > 1 ? std::uint32_t{bytes[i + 1]} << 8U : 0U) |
                                    (left > 2 ? std::uint32_t{bytes[i + 2]} : 0U);
        text += kBase64Digits[group >> 18U & 63U];
        text += kBase64Digits[group >> 12U & 63U];
        text += left > 1 ? kBase64Digits[group >> 6U & 63U] : '=';
        text += left > 2 ? kBase64Digits[group & 63U] : '=';
    }
    return text;
}

Result<Bytes> fromBase64(std::string_view text) {
    static constexpr auto values = digitValues(kBase64Digits);
    if (text.size() % 4 != 0)
        return fail(ErrorKind::InvalidArgument, "base64 text whose length is no multiple of 4");
    std::size_t padding = 0;
    while (padding < 2 && padding < text.size() && text[text.size() - 1 - padding] == '=') ++padding;
    Bytes bytes;
    bytes.reserve(text.size() / 4 * 3);
    std::uint32_t group = 0;
    for (std::size_t i = 0; i < text.size(); ++i) {
        const int value = i < text.size() - padding ? values[static_cast<std::uint8_t>(text[i])] : 0;
        if (value < 0) return fail(ErrorKind::InvalidArgument, "not a base64 digit at " + std::to_string(i));
        group = group << 6U | static_cast<std::uint32_t>(value);
        if (i % 4 == 3) {
            bytes.push_back(static_cast<std::uint8_t>(group >> 16U));
            bytes.push_back(static_cast<std::uint8_t>(group >> 8U));
            bytes.push_back(static_cast<std::uint8_t>(group));
            group = 0;
        }
    }
    bytes.resize(bytes.size() - padding);
    return bytes;
}

std::uint32_t crc32c(ByteView bytes, std::uint32_t crc) {
    static constexpr auto tables = makeCrcTables();
    crc = ~crc;
    std::size_t i = 0;
    for (; i + 8 <= bytes.size(); i += 8) {
        const std::uint32_t low =
            crc ^ (std::uint32_t{bytes[i]} | std::uint32_t{bytes[i + 1]} << 8U |
                   std::uint32_t{bytes[i + 2]} << 16U | std::uint32_t{bytes[i + 3]} << 24U);
        crc = tables[7][low & 0xFFU] ^ tables[6][low >> 8U & 0xFFU] ^ tables[5][low >> 16U & 0xFFU] ^
              tables[4][low >> 24U] ^ tables[3][bytes[i + 4]] ^ tables[2][bytes[i + 5]] ^
              tables[1][bytes[i + 6]] ^ tables[0][bytes[i + 7]];
    }
    for (; i < bytes.size(); ++i) crc = (crc >> 8U) ^ tables[0][(crc ^ bytes[i]) & 0xFFU];
    return ~crc;
}

}  // namespace camgate
