// The audit chain for those who stand at the gateway: its newest entries, and whether they hold together. Any
// thread. Implements docs/ref/cli.md (audit).
#pragma once

#include <string>
#include <vector>

#include "outbox/row.hpp"

namespace camgate::app {

/// `{"entries":[...],"broken":[...]}` of entries that follow each other, newest first: as many of them as fit
/// an answer; `broken` has the numbers of those whose hash, or whose link to the one before, is wrong.
std::string auditJson(const std::vector<outbox::KeptAudit>& entries);

}  // namespace camgate::app
