// JSON to a struct by its field table. Every fault is found in one go. Any thread.
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string_view>
#include <vector>

#include "config/fault.hpp"
#include "config/field.hpp"

namespace camgate::config {

/// Fills `object`, a struct that `table` describes; appends what is wrong.
void readByTable(std::string_view text, const Table& table, void* object, std::vector<Fault>& faults);
void readByTable(const nlohmann::json& value, const Table& table, void* object, std::vector<Fault>& faults);

/// The same for a text that is the value of one field alone; the table's other fields stay as they are.
void readField(std::string_view text, const Table& table, std::string_view key, void* object,
               std::vector<Fault>& faults);

}  // namespace camgate::config
