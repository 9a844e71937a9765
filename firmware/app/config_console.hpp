// The configuration from the control socket: a candidate that is edited setting by setting, looked at, and
// proposed whole, as network engineers are used to. One candidate, shared by all who edit. Loop thread only.
// Implements docs/ref/cli.md (config).
#pragma once

#include <optional>
#include <string>

#include "app/config_desk.hpp"

namespace camgate::app {

class ConfigConsole {
  public:
    using Answer = control::ControlBackend::Answer;

    ConfigConsole(ConfigDesk& desk, const config::Board& board) : desk_(desk), board_(board) {}

    /// A command of the rows "config.*" and "secret.*"; `who` and `parameters` as ControlBackend has them.
    void call(const std::string& who, std::string_view command, const std::string& parameters,
              const Answer& answer);

  private:
    struct Candidate {
        std::uint64_t base = 0;
        std::string document;
    };
    struct Row;

    Result<std::string> show(const std::string& parameters);
    Result<std::string> revisions(const std::string& parameters);
    Result<std::string> report(const std::string& parameters);
    Result<std::string> complete(const std::string& parameters);
    Result<std::string> set(const std::string& parameters);
    Result<std::string> unset(const std::string& parameters);
    Result<std::string> load(const std::string& parameters);
    Result<std::string> rollback(const std::string& parameters);
    Result<std::string> diff(const std::string& parameters);
    Result<std::string> check(const std::string& parameters);
    Result<std::string> discard(const std::string& parameters);
    Result<std::string> confirm(const std::string& parameters);
    Result<std::string> abandon(const std::string& who);
    void commit(const std::string& who, const std::string& parameters, const Answer& answer);
    void secret(const std::string& who, const std::string& parameters, const Answer& answer);

    Candidate candidate() const;
    /// Keeps it, says what is wrong with it.
    Result<std::string> edited(Candidate next);

    ConfigDesk& desk_;
    const config::Board& board_;
    std::optional<Candidate> candidate_;  ///< none: nothing was edited since the last commit
};

}  // namespace camgate::app
