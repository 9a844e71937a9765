// Updates as people read them. Input is the JSON text of docs/ref/cli.md (update.status). Any thread.
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>

namespace camgate::console {

std::string renderUpdate(const std::string& result);
/// "installing 40 %"
std::string progressText(const nlohmann::json& status);
/// It changes by itself while the box runs; a restart ends that as well.
bool isUnderWay(const nlohmann::json& status);

}  // namespace camgate::console
