// Opens the outbox's database: lock, version, integrity, tables. A corrupt one is moved aside, never deleted,
// and a new one begun. Implements docs/design/uplink.md (The database).
#pragma once

#include <string>

#include "outbox/sqlite.hpp"

namespace camgate::outbox {

struct OpenedDatabase {
    Database database;
    std::string moved_aside;  ///< where a corrupt one lies now; empty: there was none
};

/// NotFound, PermissionDenied, NoSpace: of the directory. FailedPrecondition: another process holds it, or a
/// newer firmware wrote it (then it stays as it is).
[[nodiscard]] Result<OpenedDatabase> openDatabase(const std::string& directory);

}  // namespace camgate::outbox
