// The schema and the reference page of a field table, so that neither can drift from the code. Any thread.
#pragma once

#include <string>

#include "config/field.hpp"

namespace camgate::config {

/// JSON Schema, draft 2020-12.
std::string jsonSchema(const Table& table);

/// A Markdown table per struct: key, what it must be, default, meaning.
std::string markdownTables(const Table& table);

}  // namespace camgate::config
