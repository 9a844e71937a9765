// The commands of the control socket as a table: help, the console's options, argument checks and the
// reference page come from it. Implements docs/ref/cli.md. Any thread.
#pragma once

#include <cstdint>
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

enum class Role : std::uint8_t { Technician, Owner };
std::string_view toString(Role role);

/// Who may call it, once a PIN is set.
enum class Access : std::uint8_t { Anyone, Either, Technician, Owner };
std::string_view toString(Access access);

struct Command {
    std::string_view name;
    std::string_view help;
    std::span<const Parameter> parameters;
    Access access = Access::Either;
    std::string_view result;  ///< for the reference page
};

std::span<const Command> commandTable();
const Command* findCommand(std::string_view name);

/// InvalidArgument names every parameter that is missing, unknown or of the wrong kind.
[[nodiscard]] Status checkParameters(const Command& command, const nlohmann::json& parameters);

/// "a time like 2026-03-01T22:15:00Z"
std::string_view expectation(ParameterKind kind);

/// All methods for the reference page; * marks what a call must have.
std::string markdownMethods();

}  // namespace camgate::control
