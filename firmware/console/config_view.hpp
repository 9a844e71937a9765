// The configuration as people read it. Input is the JSON text of docs/ref/cli.md (config). Any thread.
#pragma once

#include <string>

namespace camgate::console {

std::string renderDocument(const std::string& result);
std::string renderCandidate(const std::string& result);
std::string renderDifferences(const std::string& result);
std::string renderOutcome(const std::string& outcome);
std::string renderRevisions(const std::string& result);
std::string renderReport(const std::string& report);
std::string renderNothing(const std::string& result);

}  // namespace camgate::console
