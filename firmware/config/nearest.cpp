#include "config/nearest.hpp"

#include <algorithm>
#include <vector>

namespace camgate::config {
namespace {

/// No setting has a longer name, and time grows with the square of this.
constexpr std::size_t kLongestWord = 64;

char lower(char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

}  // namespace

std::size_t editDistance(std::string_view a, std::string_view b, std::size_t most) {
    if (std::max(a.size(), b.size()) - std::min(a.size(), b.size()) >= most) return most;
    using Line = std::vector<std::size_t>;
    Line before(b.size() + 1), last(b.size() + 1), line(b.size() + 1);
    for (std::size_t j = 0; j <= b.size(); ++j) last[j] = j;
    std::size_t least_of_last = 0;
    for (std::size_t i = 1; i <= a.size(); ++i) {
        const char at = lower(a[i - 1]);
        std::size_t least = line[0] = i;
        for (std::size_t j = 1; j <= b.size(); ++j) {
            const char bt = lower(b[j - 1]);
            std::size_t distance = last[j - 1] + (at == bt ? 0 : 1);
            distance = std::min(distance, std::min(last[j], line[j - 1]) + 1);
            const bool swapped = at != bt && i > 1 && j > 1 && at == lower(b[j - 2]) && lower(a[i - 2]) == bt;
            if (swapped) distance = std::min(distance, before[j - 2] + 1);
            line[j] = distance;
            least = std::min(least, distance);
        }
        // Nothing that is built on these two lines comes below them.
        if (std::min(least, least_of_last) >= most) return most;
        least_of_last = least;
        std::swap(before, last);
        std::swap(last, line);
    }
    return std::min(last[b.size()], most);
}

std::optional<std::string_view> nearest(std::string_view word, std::span<const std::string_view> known) {
    if (word.size() > kLongestWord) return std::nullopt;
    std::optional<std::string_view> best;
    std::size_t most = std::max<std::size_t>(1, word.size() / 3) + 1;
    for (const std::string_view candidate : known) {
        const std::size_t distance = editDistance(word, candidate, most);
        if (distance == most) continue;
        best = candidate;
        most = distance;
    }
    return best;
}

}  // namespace camgate::config
