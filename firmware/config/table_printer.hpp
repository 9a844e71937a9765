// A struct to JSON by its field table; secrets are left out. Any thread.
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>

#include "config/field.hpp"

namespace camgate::config {

nlohmann::json printByTable(const Table& table, const void* object);

/// One field's value as JSON text.
std::string printValue(const Field& row, const void* object);

}  // namespace camgate::config
