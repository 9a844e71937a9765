// What the console says, in the language of whoever sits there: English is in the code, Vietnamese in
// po/vi.po. One thread. Implements docs/ref/cli.md (Languages).
#pragma once

#include <string>
#include <string_view>

namespace camgate::console {

enum class Language { English, Vietnamese };

/// Where the catalogues lie, and which language the environment asks for.
void openCatalogues(const std::string& folder);
void setLanguage(Language language);
Language language();

/// The text in the chosen language; as it is where the catalogue has none.
std::string tr(const char* text);

/// Marks a text of a table for the catalogue; tr() gets it later.
constexpr const char* forCatalogue(const char* text) {
    return text;
}
/// The same, short enough for a table's cells.
constexpr auto L = forCatalogue;

/// The terminal shows only seven bits: see sevenBit().
bool wantsSevenBit();

}  // namespace camgate::console
