#include "base/utf8.hpp"

#include <array>
#include <cstdint>

namespace camgate {
namespace {

struct Form {
    std::uint8_t first_least, first_most;    // of the lead byte
    std::uint8_t second_least, second_most;  // of the byte behind it
    std::size_t length;
};

/// Unicode 15, table 3-7: which second bytes keep out overlong forms, surrogates and what is above U+10FFFF.
constexpr std::array<Form, 9> kForms{{
    {0x00, 0x7F, 0, 0, 1},
    {0xC2, 0xDF, 0x80, 0xBF, 2},
    {0xE0, 0xE0, 0xA0, 0xBF, 3},
    {0xE1, 0xEC, 0x80, 0xBF, 3},
    {0xED, 0xED, 0x80, 0x9F, 3},
    {0xEE, 0xEF, 0x80, 0xBF, 3},
    {0xF0, 0xF0, 0x90, 0xBF, 4},
    {0xF1, 0xF3, 0x80, 0xBF, 4},
    {0xF4, 0xF4, 0x80, 0x8F, 4},
}};

bool within(char byte, std::uint8_t least, std::uint8_t most) {
    return static_cast<std::uint8_t>(byte) >= least && static_cast<std::uint8_t>(byte) <= most;
}

/// Length of the character that `text` begins with; 0: there is none.
std::size_t characterLength(std::string_view text) {
    for (const Form& form : kForms) {
        if (!within(text[0], form.first_least, form.first_most)) continue;
        if (text.size() < form.length) return 0;
        if (form.length > 1 && !within(text[1], form.second_least, form.second_most)) return 0;
        for (std::size_t i = 2; i < form.length; ++i) {
            if (!within(text[i], 0x80, 0xBF)) return 0;
        }
        return form.length;
    }
    return 0;
}

}  // namespace

std::optional<std::size_t> findIllFormedUtf8(std::string_view text) {
    for (std::size_t at = 0; at < text.size();) {
        const std::size_t length = characterLength(text.substr(at));
        if (length == 0) return at;
        at += length;
    }
    return std::nullopt;
}

std::string_view utf8Prefix(std::string_view text, std::size_t limit_bytes) {
    if (text.size() <= limit_bytes) return text;
    while (limit_bytes > 0 && within(text[limit_bytes], 0x80, 0xBF)) --limit_bytes;
    return text.substr(0, limit_bytes);
}

}  // namespace camgate
