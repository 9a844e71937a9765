// Rows of text as a table with aligned columns, for terminals and for serial lines of 80 columns. One thread.
#pragma once

#include <optional>
#include <string>
#include <vector>

namespace camgate::console {

using Row = std::vector<std::string>;

/// Columns are as wide as their widest cell; the last is not padded.
std::string tableText(const std::vector<Row>& rows);
/// The same with headings as the first row; on a screen that is narrower than that each row becomes a block,
/// a line for each heading that it has something under.
std::string listText(const std::vector<Row>& rows);
/// Of the screen; none: as wide as it takes.
void fitLists(std::optional<std::size_t> columns);

/// Columns that `text` takes in UTF-8: code points, not bytes.
std::size_t displayWidth(const std::string& text);

}  // namespace camgate::console
