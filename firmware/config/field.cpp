#include "config/field.hpp"

#include <algorithm>
#include <cstdio>

namespace camgate::config {
namespace {

std::string number(double value) {
    std::array<char, 40> text{};
    const int length = std::snprintf(text.data(), text.size(), "%.10g", value);
    return {text.data(), static_cast<std::size_t>(length)};
}

std::string range(const Field& row) {
    if (row.least == row.most) return number(row.least);
    return number(row.least) + " to " + number(row.most);
}

std::string choiceList(const Field& row) {
    std::string text;
    for (const auto choice : row.choices) text += (text.empty() ? "\"" : ", \"") + std::string(choice) + "\"";
    return text;
}

}  // namespace

const Field* rowOf(const Table& table, std::string_view key) {
    const auto found = std::ranges::find(table.fields, key, &Field::key);
    return found == table.fields.end() ? nullptr : &*found;
}

std::string expectation(const Field& row) {
    const std::string unit = row.unit.empty() ? "" : " (" + std::string(row.unit) + ")";
    switch (row.kind) {
        case FieldKind::Text:
            return "a text of " + range(row) + " bytes";
        case FieldKind::Integer:
            return (row.least == row.most ? "the number " : "a whole number from ") + range(row) + unit;
        case FieldKind::Real:
            return "a number from " + range(row) + unit;
        case FieldKind::Boolean:
            return "true or false";
        case FieldKind::Choice:
            return "one of " + choiceList(row);
        case FieldKind::Polygon:
            return "a list of " + range(row) + " corners [x, y], each from 0 to 1";
        case FieldKind::Object:
            return "an object";
        case FieldKind::List:
            return "a list of " + range(row) + " objects";
    }
    return "";
}

}  // namespace camgate::config
