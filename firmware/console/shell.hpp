// The interactive console: a line editor with completion, history and `?`, on a terminal or a serial line.
// Takes lines and gives them to whoever runs them; knows no command itself. One thread. Implements
// docs/ref/cli.md (Shell).
#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace camgate::console {

struct ShellPorts {
    /// False: the shell ends.
    std::function<bool(const std::string& line)> run;
    /// Words that may stand in the place of the last of `words` (empty: a new one begins), each whole.
    std::function<std::vector<std::string>(const std::vector<std::string>& words)> complete;
    /// What `?` shows behind these words.
    std::function<std::string(const std::vector<std::string>& words)> explain;
    std::function<std::string()> prompt;
};

/// Until `run` says so or the line ends. Exit status 1: the terminal cannot be used.
int runShell(const ShellPorts& ports);

/// What completing `word` to one of `candidates` adds: the rest of the only one and a blank, or what all have
/// in common.
std::string completionOf(std::string_view word, const std::vector<std::string>& candidates);

}  // namespace camgate::console
