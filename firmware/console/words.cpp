#include "console/words.hpp"

#include <algorithm>

#include "base/utf8.hpp"

namespace camgate::console {
namespace {

constexpr std::string_view kSpecial = " \t\"'\\";

bool isControl(char c) {
    const auto byte = static_cast<unsigned char>(c);
    return (byte < 0x20 && c != '\t') || byte == 0x7F;
}

Status checkLine(std::string_view line) {
    if (line.size() > kMostLine_bytes) {
        return fail(ErrorKind::InvalidArgument, "the line has " + std::to_string(line.size()) +
                                                    " bytes, at most " + std::to_string(kMostLine_bytes) +
                                                    " are read");
    }
    if (std::ranges::any_of(line, isControl))
        return fail(ErrorKind::InvalidArgument, "the line holds control characters: noise on the cable?");
    if (findIllFormedUtf8(line)) return fail(ErrorKind::InvalidArgument, "the line is not UTF-8");
    return {};
}

}  // namespace

Result<std::vector<std::string>> splitLine(std::string_view line) {
    while (line.ends_with('\n') || line.ends_with('\r')) line.remove_suffix(1);
    if (auto sound = checkLine(line); !sound) return std::unexpected(sound.error());
    std::vector<std::string> words;
    bool in_word = false;
    char quote = 0;
    for (std::size_t i = 0; i < line.size(); ++i) {
        const char c = line[i];
        if (quote == 0 && (c == ' ' || c == '\t')) {
            in_word = false;
            continue;
        }
        if (!in_word) words.emplace_back();
        in_word = true;
        if (c == quote) {
            quote = 0;
        } else if (quote == 0 && (c == '"' || c == '\'')) {
            quote = c;
        } else if (c == '\\' && quote != '\'' && i + 1 < line.size()) {
            words.back() += line[++i];
        } else {
            words.back() += c;
        }
    }
    if (quote != 0)
        return fail(ErrorKind::InvalidArgument, std::string("the quote ") + quote + " has no end");
    return words;
}

std::string quoted(std::string_view word) {
    if (!word.empty() && word.find_first_of(kSpecial) == std::string_view::npos) return std::string(word);
    std::string out = "\"";
    for (const char c : word) {
        if (c == '"' || c == '\\') out += '\\';
        out += c;
    }
    return out + "\"";
}

}  // namespace camgate::console
