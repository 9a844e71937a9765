#include "config/path.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <nlohmann/json.hpp>

namespace camgate::config {
namespace {

using nlohmann::json;

const json& memberOf(const json& value, std::string_view key) {
    static const json kNone;
    if (!value.is_object()) return kNone;
    const auto found = value.find(key);
    return found == value.end() ? kNone : *found;
}

const json& itemOf(const json& list, const Table& table, std::string_view word) {
    static const json kNone;
    if (!list.is_array()) return kNone;
    const std::size_t at = itemAt(list, table, word);
    return at < list.size() ? list[at] : kNone;
}

std::vector<std::string> namesIn(const json& list, const Table& item_table) {
    std::vector<std::string> names;
    const std::string_view key = naming(item_table);
    for (std::size_t i = 0; list.is_array() && i < list.size(); ++i) {
        const json& name = memberOf(list[i], key);
        names.push_back(name.is_string() ? name.get<std::string>() : std::to_string(i));
    }
    return names;
}

/// Where a path leads.
struct Reached {
    const json* value;   ///< null: nothing is there
    const Table* table;  ///< of what lies below; null: nothing does, or the path leads nowhere
    bool in_list = false;
};

Reached reach(const json& document, const Table& table, std::string_view path) {
    static const json kNone;
    Reached here{&document, &table};
    for (const std::string& word : pathWords(path)) {
        if (here.table == nullptr) return {&kNone, nullptr};
        if (here.in_list) {
            here = {&itemOf(*here.value, *here.table, word), here.table};
            continue;
        }
        const Field* row = rowOf(*here.table, word);
        if (row == nullptr) return {&kNone, nullptr};
        here = {&memberOf(*here.value, word), row->table, row->kind == FieldKind::List};
    }
    return here;
}

}  // namespace

std::vector<std::string> pathWords(std::string_view path) {
    std::vector<std::string> words;
    while (!path.empty()) {
        const auto end = std::min(path.find('/'), path.size());
        if (end > 0) words.emplace_back(path.substr(0, end));
        path.remove_prefix(std::min(end + 1, path.size()));
    }
    return words;
}

std::string_view naming(const Table& item_table) {
    for (const std::string_view key : {"id", "name"}) {
        if (rowOf(item_table, key) != nullptr) return key;
    }
    return "";
}

std::size_t itemAt(const json& list, const Table& item_table, std::string_view word) {
    const std::string_view key = naming(item_table);
    for (std::size_t i = 0; i < list.size(); ++i) {
        const json& name = memberOf(list[i], key);
        if (name.is_string() && name.get_ref<const std::string&>() == word) return i;
    }
    std::size_t number = 0;
    const auto [end, error] = std::from_chars(word.data(), word.data() + word.size(), number);
    const bool is_number = error == std::errc{} && end == word.data() + word.size();
    return is_number && number < list.size() ? number : list.size();
}

std::vector<std::string> completions(const json& document, const Table& table, std::string_view begun) {
    const auto slash = begun.rfind('/');
    const std::string before(begun.substr(0, slash == std::string_view::npos ? 0 : slash + 1));
    const std::string_view word = begun.substr(before.size());
    const Reached reached = reach(document, table, before);
    if (reached.table == nullptr) return {};
    std::vector<std::string> words;
    if (reached.in_list) {
        for (const std::string& name : namesIn(*reached.value, *reached.table)) words.push_back(name + "/");
    } else {
        for (const Field& row : reached.table->fields) {
            if (!row.secret) words.push_back(std::string(row.key) + (row.table == nullptr ? "" : "/"));
        }
    }
    std::erase_if(words, [word](const std::string& each) { return !each.starts_with(word); });
    for (std::string& each : words) each.insert(0, before);
    return words;
}

const json& valueAt(const json& document, const Table& table, std::string_view path) {
    return *reach(document, table, path).value;
}

}  // namespace camgate::config
