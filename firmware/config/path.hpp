// Settings by paths that people type: "cameras/gate/motion/pre_roll_s", list items by their id or name, or by
// their number. Any thread. Implements docs/ref/cli.md (config).
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "config/field.hpp"

namespace camgate::config {

std::vector<std::string> pathWords(std::string_view path);

/// The key by which an item of this table is called: "id", "name"; empty: by its number alone.
std::string_view naming(const Table& item_table);

/// Number of the item that `word` means; the list's size: there is none.
std::size_t itemAt(const nlohmann::json& list, const Table& item_table, std::string_view word);

/// What may stand behind `begun` ("cameras/gate/mo"), each whole: keys of the table, names of items that the
/// document has. A slash ends what goes on.
std::vector<std::string> completions(const nlohmann::json& document, const Table& table,
                                     std::string_view begun);

/// Null: nothing is set there.
const nlohmann::json& valueAt(const nlohmann::json& document, const Table& table, std::string_view path);

}  // namespace camgate::config
