// A technician's stick on a box is mounted to be read, and may be written for as long as whoever asked holds
// on to it: then all is on the stick, and it may be pulled out. Elsewhere no stick is camgate's. Blocks. One
// thread. Implements docs/ref/cli.md (Files on a stick).
#pragma once

#include <string>
#include <utility>

#include "base/result.hpp"
#include "base/unique_fd.hpp"

namespace camgate::console {

/// Where a box has it, and where its writer listens.
struct StickPlace {
    std::string folder = "/media/usb";
    std::string socket = "/run/camgate-stick";
};

class Stick {
  public:
    /// Nothing to hold for a path that is elsewhere, and on a machine without such a writer. Failed
    /// precondition: no stick, one that cannot be written, one that somebody else writes.
    [[nodiscard]] static Result<Stick> toWrite(const std::string& path, const StickPlace& place = {});

    /// Whether the path is on a stick that is held.
    bool held() const { return writer_.valid(); }
    /// Returns when all is on the stick. Unavailable: it may not be.
    [[nodiscard]] Status giveBack();

  private:
    explicit Stick(UniqueFd writer) : writer_(std::move(writer)) {}

    UniqueFd writer_;
};

}  // namespace camgate::console
