#include "console/table_text.hpp"

#include <algorithm>
#include <string_view>

namespace camgate::console {
namespace {

std::optional<std::size_t> screen_columns;

std::size_t widthOf(std::string_view table) {
    std::size_t widest = 0;
    for (std::size_t at = 0; at < table.size();) {
        const std::size_t end = std::min(table.find('\n', at), table.size());
        widest = std::max(widest, displayWidth(std::string(table.substr(at, end - at))));
        at = end + 1;
    }
    return widest;
}

std::string blocksText(const std::vector<Row>& rows) {
    std::string out;
    for (std::size_t i = 1; i < rows.size(); ++i) {
        std::vector<Row> block;
        for (std::size_t column = 0; column < rows[i].size(); ++column) {
            const std::string& value = rows[i][column];
            if (!value.empty() && value != "-") block.push_back({rows[0].at(column), value});
        }
        out += (i > 1 ? "\n" : "") + tableText(block);
    }
    return out;
}

}  // namespace

std::size_t displayWidth(const std::string& text) {
    return static_cast<std::size_t>(std::count_if(
        text.begin(), text.end(), [](char c) { return (static_cast<unsigned char>(c) & 0xC0U) != 0x80U; }));
}

std::string tableText(const std::vector<Row>& rows) {
    std::vector<std::size_t> widths;
    for (const Row& row : rows) {
        widths.resize(std::max(widths.size(), row.size()));
        for (std::size_t i = 0; i < row.size(); ++i) widths[i] = std::max(widths[i], displayWidth(row[i]));
    }
    std::string out;
    for (const Row& row : rows) {
        for (std::size_t i = 0; i < row.size(); ++i) {
            out += row[i];
            if (i + 1 < row.size()) out.append(widths[i] - displayWidth(row[i]) + 2, ' ');
        }
        out += '\n';
    }
    return out;
}

std::string listText(const std::vector<Row>& rows) {
    std::string table = tableText(rows);
    const bool fits = !screen_columns || rows.size() < 2 || widthOf(table) <= *screen_columns;
    return fits ? table : blocksText(rows);
}

void fitLists(std::optional<std::size_t> columns) {
    screen_columns = columns;
}

}  // namespace camgate::console
