// The configuration's state in words, for the hub and the console. Any thread. Implements docs/ref/config.md
// (Reported).
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <set>
#include <string>

#include "config/keeper.hpp"

namespace camgate::config {

/// For example "reverted".
std::string_view toString(Fate fate);

/// At most 50 faults, and how many more there are.
nlohmann::json faultsJson(const std::vector<Fault>& faults);
nlohmann::json outcomeJson(const Outcome& outcome);

/// `set`: names of the secrets that are there.
std::string reportJson(const Keeper& keeper, const std::set<std::string>& set);

/// Revisions that are kept, newest first, without their documents.
std::string revisionsJson(const History& history);

}  // namespace camgate::config
