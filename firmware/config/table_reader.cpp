#include "config/table_reader.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "base/utf8.hpp"
#include "config/document.hpp"
#include "config/nearest.hpp"

namespace camgate::config {
namespace {

using nlohmann::json;

constexpr std::size_t kMostShown_bytes = 60;

std::string shown(const json& value) {
    const std::string text = value.dump(-1, ' ', false, json::error_handler_t::replace);
    const auto beginning = utf8Prefix(text, kMostShown_bytes);
    return beginning.size() == text.size() ? text : std::string(beginning) + "...";
}

std::string meant(std::string_view word, std::span<const std::string_view> known) {
    const auto guess = nearest(word, known);
    return guess ? "did you mean \"" + std::string(*guess) + "\"?" : "";
}

class TableReader {
  public:
    explicit TableReader(std::vector<Fault>& faults) : faults_(faults) {}

    void object(const json& value, const Table& table, void* target, const std::string& pointer) {
        for (const auto& [key, unused] : value.items()) {
            if (!knows(table, key)) unknown(key, table, pointer);
        }
        for (const Field& row : table.fields) {
            const std::string at = childPointer(pointer, row.key);
            const auto found = value.find(row.key);
            if (found != value.end()) {
                one(*found, row, row.member(target), at);
            } else if (row.required) {
                faults_.push_back({at, expectation(row), "nothing"});
            }
        }
    }

  private:
    static bool knows(const Table& table, const std::string& key) {
        return std::any_of(table.fields.begin(), table.fields.end(),
                           [&](const Field& row) { return row.key == key; });
    }

    void unknown(const std::string& key, const Table& table, const std::string& pointer) {
        std::vector<std::string_view> known;
        for (const Field& row : table.fields) known.push_back(row.key);
        const std::string name(utf8Prefix(key, kMostShown_bytes));
        faults_.push_back(
            {childPointer(pointer, name), "a setting of this place", "an unknown one", meant(key, known)});
    }

    void mismatch(const json& value, const Field& row, const std::string& at) {
        std::string hint;
        if (row.kind == FieldKind::Choice && value.is_string())
            hint = meant(value.get_ref<const std::string&>(), row.choices);
        faults_.push_back({at, expectation(row), shown(value), std::move(hint)});
    }

    void one(const json& value, const Field& row, void* target, const std::string& at) {
        if (row.secret) {
            faults_.push_back({at, "no secret in the document: they are set apart from it", "one"});
        } else if (!take(value, row, target, at)) {
            mismatch(value, row, at);
        }
    }

    static bool within(double number, const Field& row) { return number >= row.least && number <= row.most; }

    bool take(const json& value, const Field& row, void* target, const std::string& at) {
        switch (row.kind) {
            case FieldKind::Text:
                return text(value, row, target);
            case FieldKind::Integer:
                return integer(value, row, target);
            case FieldKind::Real:
                return real(value, row, target);
            case FieldKind::Boolean:
                return boolean(value, target);
            case FieldKind::Choice:
                return choice(value, row, target);
            case FieldKind::Polygon:
                return polygon(value, row, target);
            case FieldKind::Object:
                return nested(value, row, target, at);
            case FieldKind::List:
                return list(value, row, target, at);
        }
        return false;
    }

    static bool text(const json& value, const Field& row, void* target) {
        if (!value.is_string()) return false;
        const auto& string = value.get_ref<const std::string&>();
        if (!within(static_cast<double>(string.size()), row) || string.find('\0') != std::string::npos)
            return false;
        *static_cast<std::string*>(target) = string;
        return true;
    }
    static bool integer(const json& value, const Field& row, void* target) {
        if (!value.is_number_integer() || !within(value.get<double>(), row)) return false;
        *static_cast<std::int64_t*>(target) = value.get<std::int64_t>();
        return true;
    }
    static bool real(const json& value, const Field& row, void* target) {
        if (!value.is_number() || !within(value.get<double>(), row)) return false;
        *static_cast<double*>(target) = value.get<double>();
        return true;
    }
    static bool boolean(const json& value, void* target) {
        if (!value.is_boolean()) return false;
        *static_cast<bool*>(target) = value.get<bool>();
        return true;
    }
    static bool choice(const json& value, const Field& row, void* target) {
        if (!value.is_string()) return false;
        const auto found =
            std::find(row.choices.begin(), row.choices.end(), value.get_ref<const std::string&>());
        if (found == row.choices.end()) return false;
        *static_cast<std::uint8_t*>(target) = static_cast<std::uint8_t>(found - row.choices.begin());
        return true;
    }
    static bool polygon(const json& value, const Field& row, void* target) {
        if (!value.is_array() || !within(static_cast<double>(value.size()), row)) return false;
        Polygon corners;
        for (const json& corner : value) {
            if (!corner.is_array() || corner.size() != 2 || !corner[0].is_number() || !corner[1].is_number())
                return false;
            corners.push_back({corner[0].get<double>(), corner[1].get<double>()});
            const auto [x, y] = corners.back();
            if (!(x >= 0 && x <= 1 && y >= 0 && y <= 1)) return false;
        }
        *static_cast<Polygon*>(target) = std::move(corners);
        return true;
    }
    bool nested(const json& value, const Field& row, void* target, const std::string& at) {
        if (!value.is_object()) return false;
        object(value, *row.table, target, at);
        return true;
    }
    bool list(const json& value, const Field& row, void* target, const std::string& at) {
        if (!value.is_array() || !within(static_cast<double>(value.size()), row)) return false;
        for (std::size_t i = 0; i < value.size(); ++i) {
            const std::string item_at = childPointer(at, std::to_string(i));
            void* item = row.append(target);  // also for what is no object: pointers count all items
            if (value[i].is_object()) {
                object(value[i], *row.table, item, item_at);
            } else {
                faults_.push_back({item_at, "an object", shown(value[i])});
            }
        }
        return true;
    }

    std::vector<Fault>& faults_;
};

}  // namespace

void readByTable(const json& value, const Table& table, void* object, std::vector<Fault>& faults) {
    if (!value.is_object()) {
        faults.push_back({"/", "an object", shown(value)});
        return;
    }
    TableReader(faults).object(value, table, object, "");
}

void readByTable(std::string_view text, const Table& table, void* object, std::vector<Fault>& faults) {
    if (const auto value = parseDocument(text, faults)) readByTable(*value, table, object, faults);
}

void readField(std::string_view text, const Table& table, std::string_view key, void* object,
               std::vector<Fault>& faults) {
    const auto value = parseDocument(text, faults);
    if (!value) return;
    TableReader(faults).object(json{{key, *value}}, table, object, "");
}

}  // namespace camgate::config
