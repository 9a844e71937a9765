#include "console/json_text.hpp"

#include <array>
#include <cstdio>
#include <nlohmann/json.hpp>

#include "base/local_time.hpp"
#include "base/wall_text.hpp"

namespace camgate::console {

using nlohmann::json;

json parsedObject(const std::string& text) {
    json value = json::parse(text, nullptr, false);
    return value.is_object() ? value : json::object();
}

const json& fieldOf(const json& object, const char* key) {
    static const json nothing;
    if (!object.is_object()) return nothing;
    const auto found = object.find(key);
    return found == object.end() ? nothing : *found;
}

std::string textOf(const json& value) {
    if (value.is_null()) return "-";
    if (value.is_string()) return value.get<std::string>();
    if (value.is_boolean()) return value.get<bool>() ? "yes" : "no";
    return value.dump();
}

std::string timeOf(const json& value) {
    const auto time = parseWallTime(value.is_string() ? value.get_ref<const std::string&>() : "");
    return time ? formatLocalTime(*time) : textOf(value);
}

std::string fixedText(double number, int digits) {
    std::array<char, 64> out{};
    const int length = std::snprintf(out.data(), out.size(), "%.*f", digits, number);
    return {out.data(), static_cast<std::size_t>(length)};
}

std::string sizeOf(const json& bytes) {
    if (!bytes.is_number()) return "-";
    constexpr std::array<const char*, 5> units{"B", "KiB", "MiB", "GiB", "TiB"};
    double value = bytes.get<double>();
    std::size_t unit = 0;
    for (; value >= 1024 && unit + 1 < units.size(); ++unit) value /= 1024;
    return fixedText(value, unit == 0 ? 0 : 1) + " " + units.at(unit);
}

std::string numberOf(const json& value, int digits, const char* unit) {
    return value.is_number() ? fixedText(value.get<double>(), digits) + unit : "-";
}

}  // namespace camgate::console
