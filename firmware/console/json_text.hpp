// Fields of the daemon's answers as text: "-" for what is absent or of another kind. Any thread.
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>

namespace camgate::console {

/// An object, an empty one for what is none.
nlohmann::json parsedObject(const std::string& text);
const nlohmann::json& fieldOf(const nlohmann::json& object, const char* key);
std::string textOf(const nlohmann::json& value);
/// A time as the household's clock shows it (base/local_time.hpp).
std::string timeOf(const nlohmann::json& value);
/// "1.5 GiB"
std::string sizeOf(const nlohmann::json& bytes);
std::string fixedText(double number, int digits);
/// A number with its unit behind it.
std::string numberOf(const nlohmann::json& value, int digits, const char* unit);

}  // namespace camgate::console
