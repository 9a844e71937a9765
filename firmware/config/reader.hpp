// JSON text to a struct by its field table, and back. Every fault is found in one go; nothing is applied
// unless there is none. Any thread.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "config/board.hpp"
#include "config/configuration.hpp"

namespace camgate::config {

struct Fault {
    std::string pointer;  ///< JSON pointer, for example "/cameras/1/motion/pre_roll_s"
    std::string message;  ///< what was expected and what was there
};

struct Loaded {
    Configuration configuration;
    std::vector<Fault> faults;  ///< empty: configuration holds
};

/// Syntax, types, ranges, unknown keys, then the rules that join fields (rules.hpp) with the board's limits.
Loaded loadConfiguration(std::string_view text, const Board& board);

/// Fills `object`, a struct that `table` describes; appends what is wrong.
void readByTable(std::string_view text, const Table& table, void* object, std::vector<Fault>& faults);

/// The same for a text that is the value of one field alone; the table's other fields stay as they are.
void readField(std::string_view text, const Table& table, std::string_view key, void* object,
               std::vector<Fault>& faults);

/// One field's value as JSON text.
std::string printValue(const Field& row, const void* object);

/// The configuration as JSON text, every field, secrets left out.
std::string printConfiguration(const Configuration& configuration);

/// One line per fault, for standard error: "/cameras/0/id: expected ..., found ...".
std::string describe(const std::vector<Fault>& faults);

}  // namespace camgate::config
