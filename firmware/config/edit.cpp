#include "config/edit.hpp"

#include <map>
#include <nlohmann/json.hpp>

#include "config/configuration.hpp"
#include "config/nearest.hpp"
#include "config/path.hpp"

namespace camgate::config {
namespace {

using nlohmann::json;

std::unexpected<Error> unknown(std::string_view path, const std::string& word, const Table& table) {
    std::vector<std::string_view> known;
    for (const Field& row : table.fields) known.push_back(row.key);
    std::string text = "there is no setting \"" + word + "\" in " + std::string(path);
    if (const auto guess = nearest(word, known)) text += " (did you mean \"" + std::string(*guess) + "\"?)";
    return fail(ErrorKind::InvalidArgument, text);
}

/// Where a path ends: a member of `parent` by `key`, or the item `index` of it.
struct Place {
    json* parent = nullptr;
    std::string key;
    std::size_t index = 0;
    const Field* row = nullptr;  ///< null: an item
};

/// Walks to the last word. Makes what is missing where `make`, else NotFound.
class Walk {
  public:
    Walk(json& document, std::string_view path, bool make) : at_(&document), path_(path), make_(make) {}

    Result<Place> run() {
        const auto words = pathWords(path_);
        if (words.empty()) return fail(ErrorKind::InvalidArgument, "expected a path such as hub/port");
        for (std::size_t i = 0; i < words.size(); ++i) {
            const bool last = i + 1 == words.size();
            auto step = in_list_ ? item(words[i], last) : member(words[i], last);
            if (!step) return std::unexpected(step.error());
            if (last) return *step;
        }
        return Place{};
    }

  private:
    Result<Place> member(const std::string& word, bool last) {
        const Field* row = table_ == nullptr ? nullptr : rowOf(*table_, word);
        if (row == nullptr) return unknown(path_, word, table_ == nullptr ? kNothing : *table_);
        if (row->secret)
            return fail(ErrorKind::InvalidArgument, std::string(path_) + " is a secret: use secret set");
        if (last) return Place{at_, word, 0, row};
        if (row->table == nullptr)
            return fail(ErrorKind::InvalidArgument,
                        "nothing lies below " + word + " in " + std::string(path_));
        const bool list = row->kind == FieldKind::List;
        if (!at_->contains(word)) {
            if (!make_) return nothingThere();
            (*at_)[word] = list ? json::array() : json::object();
        }
        at_ = &(*at_)[word];
        if (list ? !at_->is_array() : !at_->is_object())
            return fail(ErrorKind::InvalidArgument,
                        word + " holds something else than it should: set it whole");
        table_ = row->table;
        in_list_ = list;
        return Place{};
    }

    Result<Place> item(const std::string& word, bool last) {
        std::size_t index = itemAt(*at_, *table_, word);
        if (index == at_->size()) {
            if (!make_) return nothingThere();
            const std::string_view key = naming(*table_);
            at_->push_back(key.empty() ? json::object() : json{{key, word}});
        }
        in_list_ = false;
        if (last) return Place{at_, "", index, nullptr};
        at_ = &(*at_)[index];
        return Place{};
    }

    std::unexpected<Error> nothingThere() const {
        return fail(ErrorKind::NotFound, "nothing is set at " + std::string(path_));
    }

    static constexpr Table kNothing{"", {}, nullptr};
    json* at_;
    std::string_view path_;
    bool make_;
    const Table* table_ = &configurationTable();
    bool in_list_ = false;
};

Result<json> valueFor(const Field& row, std::string_view text) {
    const json parsed = json::parse(text, nullptr, false);
    const bool wants_text = row.kind == FieldKind::Text || row.kind == FieldKind::Choice;
    if (wants_text) return parsed.is_string() ? parsed : json(std::string(text));
    if (!parsed.is_discarded()) return parsed;
    return fail(ErrorKind::InvalidArgument, std::string(row.key) + ": expected " + expectation(row) +
                                                ", found \"" + std::string(text) + "\"");
}

using Settings = std::map<std::string, std::string>;

void flatten(const json& value, const Table& table, const std::string& at, Settings& out) {
    for (const Field& row : table.fields) {
        const auto member = value.find(row.key);
        if (member == value.end()) continue;
        const std::string path = (at.empty() ? "" : at + "/") + std::string(row.key);
        if (row.kind == FieldKind::Object && member->is_object()) {
            flatten(*member, *row.table, path, out);
        } else if (row.kind == FieldKind::List && member->is_array()) {
            for (std::size_t i = 0; i < member->size(); ++i) {
                const json& item = (*member)[i];
                if (!item.is_object()) continue;
                const std::string name = item.value(std::string(naming(*row.table)), std::to_string(i));
                flatten(item, *row.table, path + "/" + name, out);
            }
        } else {
            out[path] = member->dump(-1, ' ', false, json::error_handler_t::replace);
        }
    }
}

Settings settingsOf(std::string_view document) {
    Settings out;
    const json value = json::parse(document, nullptr, false);
    if (value.is_object()) flatten(value, configurationTable(), "", out);
    return out;
}

Result<json> parsed(std::string_view document) {
    json value = json::parse(document, nullptr, false);
    if (value.is_object()) return value;
    return fail(ErrorKind::FailedPrecondition, "the document is none");
}

}  // namespace

Result<std::string> setAt(std::string_view document, std::string_view path, std::string_view value) {
    auto root = parsed(document);
    if (!root) return std::unexpected(root.error());
    const auto place = Walk(*root, path, true).run();
    if (!place) return std::unexpected(place.error());
    if (place->row == nullptr) {
        if (const json item = json::parse(value, nullptr, false); item.is_object()) {
            (*place->parent)[place->index] = item;
            return root->dump(2);
        }
        return fail(ErrorKind::InvalidArgument,
                    "expected a setting of " + std::string(path) + " or an object");
    }
    auto wanted = valueFor(*place->row, value);
    if (!wanted) return std::unexpected(wanted.error());
    (*place->parent)[place->key] = std::move(*wanted);
    return root->dump(2, ' ', false, json::error_handler_t::replace);
}

Result<std::string> unsetAt(std::string_view document, std::string_view path) {
    auto root = parsed(document);
    if (!root) return std::unexpected(root.error());
    const auto place = Walk(*root, path, false).run();
    if (!place) return std::unexpected(place.error());
    if (place->row == nullptr) {
        place->parent->erase(place->index);
    } else if (place->parent->erase(place->key) == 0) {
        return fail(ErrorKind::NotFound, "nothing is set at " + std::string(path));
    }
    return root->dump(2, ' ', false, json::error_handler_t::replace);
}

std::vector<Difference> differences(std::string_view from, std::string_view to) {
    const Settings before = settingsOf(from);
    const Settings after = settingsOf(to);
    std::map<std::string, Difference> found;
    for (const auto& [path, value] : before) found[path] = {path, value, std::nullopt};
    for (const auto& [path, value] : after) {
        found.try_emplace(path, Difference{path, std::nullopt, std::nullopt}).first->second.to = value;
    }
    std::vector<Difference> out;
    for (auto& [path, difference] : found) {
        if (difference.from != difference.to) out.push_back(std::move(difference));
    }
    return out;
}

}  // namespace camgate::config
