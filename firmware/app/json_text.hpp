// JSON as the text of answers and audit entries. Any thread.
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>

namespace camgate::app {

/// In one line; what is no UTF-8 is replaced.
std::string jsonText(const nlohmann::json& value);

}  // namespace camgate::app
