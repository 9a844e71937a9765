// What is wrong with a document: where, what was expected, what was there. A reader finds all of them in one
// go. Any thread.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace camgate::config {

struct Fault {
    std::string pointer;  ///< RFC 6901, for example "/cameras/1/motion/pre_roll_s"; "/" is the whole document
    std::string expected;
    std::string found;      ///< never a secret
    std::string hint = {};  ///< what was probably meant; empty: no idea

    /// "expected A, found B (C)"
    std::string text() const;
};

/// One line per fault, for people: "/cameras/0/id: expected ..., found ...".
std::string describe(const std::vector<Fault>& faults);

/// The pointer of a member: `~` and `/` in `key` are escaped.
std::string childPointer(std::string_view parent, std::string_view key);

}  // namespace camgate::config
