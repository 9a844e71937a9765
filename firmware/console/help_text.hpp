// Help out of the verb table, in the chosen language. Any thread that chose it.
#pragma once

#include <span>
#include <string>

#include "console/verb.hpp"

namespace camgate::console {

/// A line per command that begins with `words`.
std::string overview(std::span<const std::string> words);
/// Usage, what each parameter is, an example.
std::string helpOf(const Verb& verb);
/// What `?` shows behind `words`: how the one command is used, or those that may be meant.
std::string helpFor(std::span<const std::string> words);

/// All commands for the reference page, in English.
std::string markdownVerbs();

}  // namespace camgate::console
