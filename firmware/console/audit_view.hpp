// The audit chain in plain words: who had what done, and what came of it. Any thread.
#pragma once

#include <string>

namespace camgate::console {

std::string renderAudit(const std::string& result);

}  // namespace camgate::console
