#include "update/version.hpp"

#include <algorithm>

namespace camgate::update {
namespace {

constexpr std::size_t kLongestVersion = 64;

bool isDigit(char c) {
    return c >= '0' && c <= '9';
}

bool isLetter(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

/// '~' before the end, the end before letters, letters before the rest.
int weight(std::string_view text) {
    if (text.empty() || isDigit(text.front())) return 0;
    const char c = text.front();
    if (c == '~') return -1;
    return isLetter(c) ? c : c + 256;
}

std::string_view takeNumber(std::string_view& text) {
    const auto end = std::ranges::find_if_not(text, isDigit);
    std::string_view number = text.substr(0, static_cast<std::size_t>(end - text.begin()));
    text.remove_prefix(number.size());
    number.remove_prefix(std::min(number.find_first_not_of('0'), number.size()));
    return number;
}

}  // namespace

int compareVersions(std::string_view a, std::string_view b) {
    while (!a.empty() || !b.empty()) {
        while ((!a.empty() && !isDigit(a.front())) || (!b.empty() && !isDigit(b.front()))) {
            if (const int difference = weight(a) - weight(b); difference != 0) return difference;
            if (!a.empty()) a.remove_prefix(1);
            if (!b.empty()) b.remove_prefix(1);
        }
        const std::string_view x = takeNumber(a);
        const std::string_view y = takeNumber(b);
        if (x.size() != y.size()) return x.size() < y.size() ? -1 : 1;
        if (const int difference = x.compare(y); difference != 0) return difference;
    }
    return 0;
}

bool isVersion(std::string_view text) {
    if (text.empty() || text.size() > kLongestVersion || !isDigit(text.front())) return false;
    return std::ranges::all_of(text, [](char c) {
        return isDigit(c) || isLetter(c) || c == '.' || c == '+' || c == '~' || c == '-';
    });
}

}  // namespace camgate::update
