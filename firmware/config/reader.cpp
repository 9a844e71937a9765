#include "config/reader.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <optional>

#include "base/nesting.hpp"
#include "config/rules.hpp"

namespace camgate::config {
namespace {

using nlohmann::json;

constexpr std::size_t kMaxText_bytes = 1U << 20U;
constexpr int kMaxDepth = 32;

class TableReader {
  public:
    explicit TableReader(std::vector<Fault>& faults) : faults_(faults) {}

    void object(const json& value, const Table& table, void* target, const std::string& pointer) {
        for (const auto& [key, unused] : value.items()) {
            if (!knows(table, key)) fault(pointer + "/" + key, "there is no such setting");
        }
        for (const Field& row : table.fields) {
            const std::string at = pointer + "/" + std::string(row.key);
            const auto found = value.find(row.key);
            if (found != value.end()) {
                one(*found, row, row.member(target), at);
            } else if (row.required) {
                fault(at, "is missing, expected " + expectation(row));
            }
        }
    }

  private:
    static bool knows(const Table& table, const std::string& key) {
        return std::any_of(table.fields.begin(), table.fields.end(),
                           [&](const Field& row) { return row.key == key; });
    }

    void fault(std::string pointer, std::string message) {
        faults_.push_back({pointer.empty() ? "/" : std::move(pointer), std::move(message)});
    }

    void mismatch(const json& value, const Field& row, const std::string& at) {
        std::string found =
            row.secret ? "something else" : value.dump(-1, ' ', false, json::error_handler_t::replace);
        if (found.size() > 60) found = found.substr(0, 57) + "...";
        fault(at, "expected " + expectation(row) + ", found " + found);
    }

    void one(const json& value, const Field& row, void* target, const std::string& at) {
        if (!take(value, row, target, at)) mismatch(value, row, at);
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
            const std::string item_at = at + "/" + std::to_string(i);
            if (value[i].is_object()) {
                object(value[i], *row.table, row.append(target), item_at);
            } else {
                fault(item_at, "expected an object");
            }
        }
        return true;
    }

    std::vector<Fault>& faults_;
};

json print(const Table& table, const void* object);

json printField(const Field& row, const void* object) {
    void* member = row.member(const_cast<void*>(object));  // NOLINT: read only
    switch (row.kind) {
        case FieldKind::Text:
            return *static_cast<std::string*>(member);
        case FieldKind::Integer:
            return *static_cast<std::int64_t*>(member);
        case FieldKind::Real:
            return *static_cast<double*>(member);
        case FieldKind::Boolean:
            return *static_cast<bool*>(member);
        case FieldKind::Choice:
            return row.choices[*static_cast<std::uint8_t*>(member)];
        case FieldKind::Polygon:
            return *static_cast<Polygon*>(member);
        case FieldKind::Object:
            return print(*row.table, member);
        case FieldKind::List:
            break;
    }
    json items = json::array();
    for (std::size_t i = 0; i < row.count(member); ++i)
        items.push_back(print(*row.table, row.item(member, i)));
    return items;
}

json print(const Table& table, const void* object) {
    json out = json::object();
    for (const Field& row : table.fields) {
        if (!row.secret) out[std::string(row.key)] = printField(row, object);
    }
    return out;
}

/// 1-based line of a byte position, for people.
std::size_t lineOf(std::string_view text, std::size_t byte) {
    const auto end = text.begin() + static_cast<std::ptrdiff_t>(std::min(byte, text.size()));
    return static_cast<std::size_t>(std::count(text.begin(), end, '\n')) + 1;
}

}  // namespace

namespace {

std::optional<json> parseText(std::string_view text, std::string_view what, std::vector<Fault>& faults) {
    if (text.size() > kMaxText_bytes || nestsDeeperThan(text, kMaxDepth)) {
        faults.push_back({"/", "too large or too deeply nested to be a " + std::string(what)});
        return std::nullopt;
    }
    try {
        return json::parse(text);
    } catch (const json::parse_error& error) {
        faults.push_back({"/", "not JSON: line " + std::to_string(lineOf(text, error.byte)) +
                                   ", expected valid syntax there"});
        return std::nullopt;
    }
}

}  // namespace

void readByTable(std::string_view text, const Table& table, void* object, std::vector<Fault>& faults) {
    const auto value = parseText(text, table.title, faults);
    if (!value) return;
    if (!value->is_object()) {
        faults.push_back({"/", "expected an object"});
        return;
    }
    TableReader(faults).object(*value, table, object, "");
}

void readField(std::string_view text, const Table& table, std::string_view key, void* object,
               std::vector<Fault>& faults) {
    const auto value = parseText(text, key, faults);
    if (!value) return;
    TableReader(faults).object(json{{key, *value}}, table, object, "");
}

Loaded loadConfiguration(std::string_view text, const Board& board) {
    Loaded loaded;
    readByTable(text, configurationTable(), &loaded.configuration, loaded.faults);
    if (loaded.faults.empty()) checkRules(loaded.configuration, board, loaded.faults);
    return loaded;
}

std::string printValue(const Field& row, const void* object) {
    return printField(row, object).dump();
}

std::string printConfiguration(const Configuration& configuration) {
    return print(configurationTable(), &configuration).dump(2);
}

std::string describe(const std::vector<Fault>& faults) {
    std::string text;
    for (const Fault& fault : faults) text += fault.pointer + ": " + fault.message + "\n";
    return text;
}

}  // namespace camgate::config
