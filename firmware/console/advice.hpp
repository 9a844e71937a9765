// The alarms that a status holds, each with what to do about it, out of one table. Any thread. Implements
// docs/ref/cli.md (status).
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>
#include <vector>

namespace camgate::console {

struct Alarm {
    std::string what;   ///< "camera gate: no-link (connection refused)"
    std::string since;  ///< empty: not known
    std::string advice;
};

std::vector<Alarm> alarmsOf(const nlohmann::json& status);

/// A line for each, in the language chosen; "no alarms" where there is none.
std::string renderAlarms(const std::vector<Alarm>& alarms);

/// The table for the reference page, in English.
std::string markdownAdvice();

}  // namespace camgate::console
