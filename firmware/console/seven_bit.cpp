#include "console/seven_bit.hpp"

#include <array>
#include <cstdint>

namespace camgate::console {
namespace {

struct Letters {
    char32_t first, last;
    std::string_view plain;  ///< of each; the last one repeats
};

/// The letters of Vietnamese, upper and lower case side by side in the blocks beyond Latin-1.
constexpr std::array kLetters{
    Letters{0x00C0, 0x00C3, "A"},  Letters{0x00C8, 0x00CA, "E"},  Letters{0x00CC, 0x00CD, "I"},
    Letters{0x00D2, 0x00D5, "O"},  Letters{0x00D9, 0x00DA, "U"},  Letters{0x00DD, 0x00DD, "Y"},
    Letters{0x00E0, 0x00E3, "a"},  Letters{0x00E8, 0x00EA, "e"},  Letters{0x00EC, 0x00ED, "i"},
    Letters{0x00F2, 0x00F5, "o"},  Letters{0x00F9, 0x00FA, "u"},  Letters{0x00FD, 0x00FD, "y"},
    Letters{0x0102, 0x0103, "Aa"}, Letters{0x0110, 0x0111, "Dd"}, Letters{0x0128, 0x0129, "Ii"},
    Letters{0x0168, 0x0169, "Uu"}, Letters{0x01A0, 0x01A1, "Oo"}, Letters{0x01AF, 0x01B0, "Uu"},
    Letters{0x1EA0, 0x1EB7, "Aa"}, Letters{0x1EB8, 0x1EC7, "Ee"}, Letters{0x1EC8, 0x1ECB, "Ii"},
    Letters{0x1ECC, 0x1EE3, "Oo"}, Letters{0x1EE4, 0x1EF1, "Uu"}, Letters{0x1EF2, 0x1EF9, "Yy"},
};

char plainOf(char32_t letter) {
    for (const Letters& row : kLetters) {
        if (letter >= row.first && letter <= row.last)
            return row.plain[(letter - row.first) % row.plain.size()];
    }
    return '?';
}

/// The character that `text` begins with; what is ill-formed is one byte long.
char32_t takeCharacter(std::string_view& text) {
    const auto byte = [&text](std::size_t i) { return static_cast<std::uint8_t>(text[i]); };
    std::size_t length = 1;
    char32_t letter = byte(0);
    if (letter >= 0xF0)
        length = 4, letter &= 0x07U;
    else if (letter >= 0xE0)
        length = 3, letter &= 0x0FU;
    else if (letter >= 0xC0)
        length = 2, letter &= 0x1FU;
    if (length > text.size()) length = 1, letter = U'?' + 0x80;
    for (std::size_t i = 1; i < length; ++i) letter = (letter << 6U) | (byte(i) & 0x3FU);
    text.remove_prefix(length);
    return letter;
}

}  // namespace

std::string sevenBit(std::string_view utf8) {
    std::string out;
    while (!utf8.empty()) {
        const char32_t letter = takeCharacter(utf8);
        out += letter < 0x80 ? static_cast<char>(letter) : plainOf(letter);
    }
    return out;
}

}  // namespace camgate::console
