#include "console/help_text.hpp"

#include "console/language.hpp"
#include "console/table_text.hpp"

namespace camgate::console {
namespace {

std::string joined(std::span<const std::string> words) {
    std::string out;
    for (const std::string& word : words) out += (out.empty() ? "" : " ") + word;
    return out;
}

}  // namespace

std::string overview(std::span<const std::string> words) {
    const std::string beginning = joined(words);
    std::vector<Row> rows;
    for (const Verb& verb : verbTable()) {
        if (verb.words.starts_with(beginning)) rows.push_back({std::string(verb.words), tr(verb.help)});
    }
    return tableText(rows);
}

std::string helpOf(const Verb& verb) {
    std::string out = tr(verb.help) + "\n\n  " + usageOf(verb) + "\n";
    std::vector<Row> rows;
    for (const VerbParameter& row : verb.parameters)
        rows.push_back({"  " + std::string(row.inPlace() ? "" : "--") + std::string(row.name), tr(row.help)});
    out += tableText(rows);
    return out + "\n" + tr("For example:") + " " + verb.example + "\n";
}

std::string helpFor(std::span<const std::string> words) {
    if (const Verb* verb = verbOf(words)) return helpOf(*verb);
    const std::string shown = overview(words);
    return shown.empty() ? findVerb(words).error().context + "\n" : shown;
}

std::string markdownVerbs() {
    std::string out = "## All commands\n\n| command | does | for example |\n| --- | --- | --- |\n";
    for (const Verb& verb : verbTable())
        out += "| `" + usageOf(verb) + "` | " + verb.help + " | `" + std::string(verb.example) + "` |\n";
    return out;
}

}  // namespace camgate::console
