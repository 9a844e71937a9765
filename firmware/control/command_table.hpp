// The commands of the control socket as a table: help, the console's options, argument checks and the
// reference page come from it. Implements docs/ref/cli.md. Any thread.
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <span>
#include <string>
#include <string_view>

#include "base/result.hpp"

namespace camgate::control {

enum class ParameterKind { Text, Id, Time, Count, Flag, Document };

struct Parameter {
    std::string_view name;
    ParameterKind kind = ParameterKind::Text;
    bool required = false;
    std::string_view help;
};

struct Command {
    std::string_view name;
    std::string_view help;
    std::span<const Parameter> parameters;
};

std::span<const Command> commandTable();
const Command* findCommand(std::string_view name);

/// InvalidArgument names every parameter that is missing, unknown or of the wrong kind.
[[nodiscard]] Status checkParameters(const Command& command, const nlohmann::json& parameters);

/// "a time like 2026-03-01T22:15:00Z"
std::string_view expectation(ParameterKind kind);

}  // namespace camgate::control
