#include "console/completer.hpp"

#include <algorithm>
#include <set>
#include <span>

namespace camgate::console {
namespace {

std::vector<std::string> split(std::string_view words) {
    std::vector<std::string> out;
    while (!words.empty()) {
        const auto end = std::min(words.find(' '), words.size());
        out.emplace_back(words.substr(0, end));
        words.remove_prefix(std::min(end + 1, words.size()));
    }
    return out;
}

/// Next words of all verbs that begin with what stands there.
std::set<std::string> verbWords(std::span<const std::string> before) {
    std::set<std::string> out;
    for (const Verb& verb : verbTable()) {
        const auto words = split(verb.words);
        if (words.size() > before.size() && std::ranges::equal(before, std::span(words).first(before.size())))
            out.insert(words[before.size()]);
    }
    return out;
}

std::vector<std::string> valuesOf(const VerbParameter& row, std::span<const std::string> before,
                                  const std::string& begun, const Known& known) {
    if (row.takes == Takes::Camera) return known.cameras();
    if (row.takes == Takes::Setting) return known.settings(begun);
    if (row.name == "LANGUAGE") return {"en", "vi"};
    if (row.name == "VALUE") return known.values(before.back());
    return {};
}

std::vector<std::string> parameterWords(const Verb& verb, std::span<const std::string> before,
                                        const std::string& begun, const Known& known) {
    std::size_t in_place = 0;
    for (std::size_t i = split(verb.words).size(); i < before.size(); ++i) {
        const auto row = std::ranges::find_if(verb.parameters, [&](const VerbParameter& each) {
            return before[i] == "--" + std::string(each.name);
        });
        if (row == verb.parameters.end()) {
            ++in_place;
        } else if (row->takes != Takes::Flag) {
            if (i + 1 == before.size()) return valuesOf(*row, before, begun, known);
            ++i;
        }
    }
    std::vector<std::string> out;
    for (const VerbParameter& row : verb.parameters) {
        if (!row.inPlace()) {
            if (begun.starts_with("-")) out.push_back("--" + std::string(row.name));
        } else if (in_place-- == 0) {
            std::ranges::copy(valuesOf(row, before, begun, known), std::back_inserter(out));
        }
    }
    return out;
}

}  // namespace

std::vector<std::string> completeWords(const std::vector<std::string>& words, const Known& known) {
    if (words.empty()) return {};
    const auto before = std::span(words).first(words.size() - 1);
    const std::set<std::string> verbs = verbWords(before);
    std::vector<std::string> out(verbs.begin(), verbs.end());
    if (const Verb* verb = verbOf(before))
        std::ranges::copy(parameterWords(*verb, before, words.back(), known), std::back_inserter(out));
    std::erase_if(out, [&](const std::string& each) { return !each.starts_with(words.back()); });
    return out;
}

}  // namespace camgate::console
