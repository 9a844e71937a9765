#include "console/verb.hpp"

#include <algorithm>
#include <charconv>

#include "base/wall_text.hpp"
#include "config/nearest.hpp"

namespace camgate::console {
namespace {

std::size_t wordCount(std::string_view words) {
    return static_cast<std::size_t>(std::ranges::count(words, ' ')) + 1;
}

std::string firstWords(std::span<const std::string> words, std::size_t count) {
    std::string out;
    for (std::size_t i = 0; i < std::min(count, words.size()); ++i) out += (i == 0 ? "" : " ") + words[i];
    return out;
}

bool isNumber(std::string_view text) {
    std::uint64_t number = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    return error == std::errc{} && end == text.data() + text.size();
}

/// Of the value that a parameter takes, for people; empty: it fits.
std::string misfit(Takes takes, const std::string& value) {
    if (takes == Takes::Number && !isNumber(value)) return "a whole number";
    if (takes == Takes::Time && !parseWallTime(value)) return "a time like 2026-03-01T22:15:00Z";
    return "";
}

class ArgumentParser {
  public:
    ArgumentParser(const Verb& verb, std::span<const std::string> words) : verb_(verb), words_(words) {}

    Result<Arguments> run() {
        for (; at_ < words_.size(); ++at_) {
            words_[at_].starts_with("--") ? option(words_[at_]) : inPlace(words_[at_]);
        }
        for (const VerbParameter& row : verb_.parameters) {
            if (row.required && !out_.has(row.name)) fault(label(row) + " is missing");
        }
        if (faults_.empty()) return std::move(out_);
        return fail(ErrorKind::InvalidArgument, faults_ + "; usage: " + usageOf(verb_));
    }

  private:
    static std::string label(const VerbParameter& row) {
        return (row.inPlace() ? "" : "--") + std::string(row.name);
    }
    void fault(const std::string& what) { faults_ += (faults_.empty() ? "" : "; ") + what; }

    void take(const VerbParameter& row, const std::string& value) {
        const std::string expected = misfit(row.takes, value);
        if (!expected.empty()) fault(label(row) + ": expected " + expected + ", found \"" + value + "\"");
        if (out_.has(row.name)) fault(label(row) + " comes twice");
        out_.set(row.name, value);
    }

    void option(const std::string& word) {
        const auto equals = word.find('=');
        const std::string name = word.substr(2, equals == std::string::npos ? equals : equals - 2);
        const auto row = std::ranges::find_if(verb_.parameters, [&](const VerbParameter& each) {
            return !each.inPlace() && each.name == name;
        });
        if (row == verb_.parameters.end()) return fault("there is no --" + name);
        if (row->takes == Takes::Flag) return take(*row, "");
        if (equals != std::string::npos) return take(*row, word.substr(equals + 1));
        if (at_ + 1 == words_.size()) return fault("--" + name + " needs a value");
        take(*row, words_[++at_]);
    }

    void inPlace(const std::string& word) {
        for (const VerbParameter& row : verb_.parameters) {
            if (row.inPlace() && !out_.has(row.name)) return take(row, word);
        }
        fault("\"" + word + "\" is one word too many");
    }

    const Verb& verb_;
    std::span<const std::string> words_;
    std::size_t at_ = 0;
    Arguments out_;
    std::string faults_;
};

}  // namespace

std::uint64_t Arguments::number(std::string_view name, std::uint64_t otherwise) const {
    const std::string value = text(name);
    std::uint64_t number = otherwise;
    std::from_chars(value.data(), value.data() + value.size(), number);
    return number;
}

const Verb* verbOf(std::span<const std::string> words) {
    const Verb* best = nullptr;
    for (const Verb& verb : verbTable()) {
        const std::size_t count = wordCount(verb.words);
        // Words, not text: one quoted word with a blank in it names none.
        if (words.size() < count || firstWords(words, count) != verb.words) continue;
        if (best == nullptr || verb.words.size() > best->words.size()) best = &verb;
    }
    return best;
}

Result<const Verb*> findVerb(std::span<const std::string> words) {
    if (const Verb* verb = verbOf(words)) return verb;
    std::vector<std::string_view> known;
    for (const Verb& verb : verbTable()) known.push_back(verb.words);
    std::string text = "there is no command \"" + firstWords(words, 2) + "\"";
    auto guess = config::nearest(firstWords(words, 2), known);
    if (!guess) guess = config::nearest(firstWords(words, 1), known);
    if (guess) text += " (did you mean \"" + std::string(*guess) + "\"?)";
    return fail(ErrorKind::NotFound, text);
}

Result<Arguments> parseArguments(const Verb& verb, std::span<const std::string> words) {
    return ArgumentParser(verb, words.subspan(wordCount(verb.words))).run();
}

std::string usageOf(const Verb& verb) {
    std::string out(verb.words);
    for (const VerbParameter& row : verb.parameters) {
        std::string one(row.name);
        if (!row.inPlace()) {
            one = "--" + one;
            if (row.takes != Takes::Flag) {
                std::string value(row.name);
                std::ranges::transform(value, value.begin(), [](char c) {
                    return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
                });
                one += " " + value;
            }
        }
        out += row.required ? " " + one : " [" + one + "]";
    }
    return out;
}

}  // namespace camgate::console
