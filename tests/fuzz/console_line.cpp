// A line of the console: what a keyboard, a script or a noisy serial cable brings.
#include "console/completer.hpp"
#include "console/help_text.hpp"
#include "console/words.hpp"
#include "fuzz/fuzz_target.hpp"

namespace camgate::fuzz {

bool readHostile(ByteView input) {
    using namespace console;
    const auto words = splitLine(asText(input));
    if (!words) {
        require(!words.error().context.empty(), "a refusal says why");
        return false;
    }
    for (const std::string& word : *words) {
        const auto again = splitLine(quoted(word));
        require(again && again->size() == 1 && again->front() == word, "a quoted word comes back");
    }
    const Known known{[] { return std::vector<std::string>{"gate"}; },
                      [](const std::string&) { return std::vector<std::string>{"hub/host"}; },
                      [](const std::string&) { return std::vector<std::string>{"Asia/Ho_Chi_Minh"}; }};
    (void)completeWords(*words, known);
    require(!helpFor(*words).empty(), "there is always help");
    const Verb* verb = verbOf(*words);
    return verb != nullptr && parseArguments(*verb, *words).has_value();
}

std::vector<Bytes> seeds() {
    std::vector<Bytes> out;
    for (const auto& verb : console::verbTable()) {
        const std::string_view example = verb.example;
        out.emplace_back(example.begin(), example.end());
    }
    return out;
}

}  // namespace camgate::fuzz
