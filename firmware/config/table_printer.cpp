#include "config/table_printer.hpp"

#include <nlohmann/json.hpp>

namespace camgate::config {
namespace {

using nlohmann::json;

json printField(const Field& row, const void* object, Print what) {
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
            return printByTable(*row.table, member, what);
        case FieldKind::List:
            break;
    }
    json items = json::array();
    for (std::size_t i = 0; i < row.count(member); ++i)
        items.push_back(printByTable(*row.table, row.item(member, i), what));
    return items;
}

}  // namespace

json printByTable(const Table& table, const void* object, Print what) {
    json out = json::object();
    for (const Field& row : table.fields) {
        if (row.secret) continue;
        json value = printField(row, object, what);
        const bool kept =
            what == Print::All || row.required || value != printField(row, table.defaults(), Print::Changed);
        if (kept) out[std::string(row.key)] = std::move(value);
    }
    return out;
}

std::string printValue(const Field& row, const void* object) {
    return printField(row, object, Print::All).dump();
}

}  // namespace camgate::config
