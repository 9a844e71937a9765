#include "console/config_mode.hpp"

#include <algorithm>

#include "console/verb.hpp"

namespace camgate::console {

std::vector<std::string> withinConfig(std::vector<std::string> words) {
    if (words.empty()) return words;
    const std::string begun = "config " + words.front();
    const bool known = std::ranges::any_of(
        verbTable(), [&begun](const Verb& verb) { return verb.words.starts_with(begun); });
    if (known) words.insert(words.begin(), "config");
    return words;
}

std::vector<std::string> completeWithinConfig(const std::vector<std::string>& words, const Known& known) {
    std::vector<std::string> out = completeWords(words, known);
    const std::vector<std::string> meant = withinConfig(words);
    if (meant.size() == words.size()) return out;
    std::ranges::copy(completeWords(meant, known), std::back_inserter(out));
    std::ranges::sort(out);
    return out;
}

}  // namespace camgate::console
