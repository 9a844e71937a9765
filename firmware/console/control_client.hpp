// Talks to camgated over its control socket: one call, one answer, blocking with a deadline. One thread.
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>
#include <string_view>

#include "base/result.hpp"
#include "base/unique_fd.hpp"

namespace camgate::console {

class ControlClient {
  public:
    /// Unavailable when no daemon answers at `path`.
    [[nodiscard]] static Result<ControlClient> connect(const std::string& path);

    /// The result as JSON text, or the daemon's error. Timeout after 30 s.
    [[nodiscard]] Result<std::string> call(std::string_view command, const nlohmann::json& parameters);

  private:
    explicit ControlClient(UniqueFd socket) : socket_(std::move(socket)) {}
    [[nodiscard]] Result<std::string> readLine();

    UniqueFd socket_;
    std::string incoming_;
    int next_id_ = 1;
};

}  // namespace camgate::console
