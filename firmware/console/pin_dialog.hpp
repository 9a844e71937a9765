// Asks for a new PIN, twice, without showing it. Used by `login set` and by setup. One thread.
#pragma once

#include "console/session.hpp"

namespace camgate::console {

/// Sets the PIN of "technician" or "owner"; the session goes on with a login that this gives.
/// InvalidArgument: typed differently, or refused.
[[nodiscard]] Status askNewPin(Session& session, const std::string& role);

}  // namespace camgate::console
