#include "config/reader.hpp"

#include <nlohmann/json.hpp>

#include "config/document.hpp"
#include "config/migration.hpp"
#include "config/rules.hpp"
#include "config/table_printer.hpp"
#include "config/table_reader.hpp"

namespace camgate::config {

Loaded loadConfiguration(std::string_view text, const Board& board) {
    Loaded loaded;
    auto document = parseDocument(text, loaded.faults);
    if (!document) return loaded;
    if (document->is_object()) loaded.version = migrate(*document, loaded.secrets, loaded.faults);
    readByTable(*document, configurationTable(), &loaded.configuration, loaded.faults);
    if (!document->is_object()) return loaded;
    checkRules(loaded.configuration, board, loaded.faults);
    applySecrets(loaded.secrets, loaded.configuration);
    return loaded;
}

std::string printConfiguration(const Configuration& configuration) {
    return printByTable(configurationTable(), &configuration).dump(2);
}

std::string printSparse(const Configuration& configuration) {
    return printByTable(configurationTable(), &configuration, Print::Changed).dump(2);
}

}  // namespace camgate::config
