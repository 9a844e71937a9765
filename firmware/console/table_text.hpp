// Rows of text as a table with aligned columns, for terminals and for serial lines of 80 columns. Any thread.
#pragma once

#include <string>
#include <vector>

namespace camgate::console {

using Row = std::vector<std::string>;

/// Columns are as wide as their widest cell; the last is not padded. The first row is the heading.
std::string tableText(const std::vector<Row>& rows);

/// Columns that `text` takes in UTF-8: code points, not bytes.
std::size_t displayWidth(const std::string& text);

}  // namespace camgate::console
