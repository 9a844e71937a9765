// A struct to JSON by its field table; secrets are left out. Any thread.
#pragma once

#include <cstdint>
#include <nlohmann/json_fwd.hpp>
#include <string>

#include "config/field.hpp"

namespace camgate::config {

enum class Print : std::uint8_t {
    All,
    Changed,  ///< what is required or other than its default
};

nlohmann::json printByTable(const Table& table, const void* object, Print what = Print::All);

/// One field's value as JSON text.
std::string printValue(const Field& row, const void* object);

}  // namespace camgate::config
