#include "config/reference.hpp"

#include <nlohmann/json.hpp>

#include "config/table_printer.hpp"

namespace camgate::config {
namespace {

using nlohmann::ordered_json;

ordered_json schemaOf(const Table& table);

ordered_json schemaOf(const Field& row) {
    ordered_json out;
    switch (row.kind) {
        case FieldKind::Text:
            out = {{"type", "string"},
                   {"minLength", static_cast<int>(row.least)},
                   {"maxLength", static_cast<int>(row.most)}};
            break;
        case FieldKind::Integer:
            out = {{"type", "integer"},
                   {"minimum", static_cast<std::int64_t>(row.least)},
                   {"maximum", static_cast<std::int64_t>(row.most)}};
            break;
        case FieldKind::Real:
            out = {{"type", "number"}, {"minimum", row.least}, {"maximum", row.most}};
            break;
        case FieldKind::Boolean:
            out = {{"type", "boolean"}};
            break;
        case FieldKind::Choice:
            out = {{"enum", row.choices}};
            break;
        case FieldKind::Polygon: {
            const ordered_json part = {{"type", "number"}, {"minimum", 0}, {"maximum", 1}};
            const ordered_json corner = {
                {"type", "array"}, {"items", part}, {"minItems", 2}, {"maxItems", 2}};
            out = {{"type", "array"},
                   {"items", corner},
                   {"minItems", static_cast<int>(row.least)},
                   {"maxItems", static_cast<int>(row.most)}};
            break;
        }
        case FieldKind::Object:
            out = schemaOf(*row.table);
            break;
        case FieldKind::List:
            out = {{"type", "array"},
                   {"items", schemaOf(*row.table)},
                   {"minItems", static_cast<int>(row.least)},
                   {"maxItems", static_cast<int>(row.most)}};
            break;
    }
    out["description"] = std::string(row.help) + (row.unit.empty() ? "" : " (" + std::string(row.unit) + ")");
    return out;
}

ordered_json schemaOf(const Table& table) {
    ordered_json properties = ordered_json::object();
    ordered_json needed = ordered_json::array();
    for (const Field& row : table.fields) {
        if (row.secret) continue;  // has no place in the document
        properties[std::string(row.key)] = schemaOf(row);
        if (row.required) needed.push_back(row.key);
    }
    return {{"type", "object"},
            {"properties", properties},
            {"required", needed},
            {"additionalProperties", false}};
}

std::string markdownRow(const Field& row, const void* defaults) {
    const std::string preset = row.required              ? "required"
                               : row.table || row.secret ? ""
                                                         : "`" + printValue(row, defaults) + "`";
    const std::string value = row.secret ? "kept apart: " + expectation(row) : expectation(row);
    return "| `" + std::string(row.key) + "` | " + value + " | " + preset + " | " + std::string(row.help) +
           " |\n";
}

void appendTables(const Table& table, const std::string& path, std::string& out) {
    out += "## " + (path.empty() ? "/" : path) +
           "\n\n| key | value | default | meaning |\n| --- | --- | --- | --- |\n";
    for (const Field& row : table.fields) out += markdownRow(row, table.defaults());
    out += "\n";
    for (const Field& row : table.fields) {
        if (row.table == nullptr) continue;
        appendTables(*row.table,
                     path + "/" + std::string(row.key) + (row.kind == FieldKind::List ? "/*" : ""), out);
    }
}

}  // namespace

std::string jsonSchema(const Table& table) {
    ordered_json out = {{"$schema", "https://json-schema.org/draft/2020-12/schema"}, {"title", table.title}};
    out.update(schemaOf(table));
    return out.dump(2) + "\n";
}

std::string markdownTables(const Table& table) {
    std::string out;
    appendTables(table, "", out);
    return out;
}

}  // namespace camgate::config
