#include "tools/hub/fields.hpp"

#include <nlohmann/json.hpp>

#include "evidence/bounded_json.hpp"

namespace camgate::hub {

using nlohmann::json;

namespace {

constexpr std::size_t kMaxDocument_bytes = 256U << 10U;

const json* fieldOf(const json& object, std::string_view key) {
    if (!object.is_object()) return nullptr;
    const auto found = object.find(key);
    return found == object.end() ? nullptr : &*found;
}

}  // namespace

Result<json> parseDocument(ByteView text) {
    auto parsed = evidence::parseBoundedObject(asText(text), kMaxDocument_bytes);
    if (!parsed) return std::unexpected(parsed.error());
    if (numberField(*parsed, "v") != 1U) return fail(ErrorKind::Corruption, "not of version 1");
    return parsed;
}

std::string textField(const json& object, std::string_view key) {
    const json* value = fieldOf(object, key);
    return value && value->is_string() ? value->get<std::string>() : std::string();
}

std::optional<std::uint64_t> numberField(const json& object, std::string_view key) {
    const json* value = fieldOf(object, key);
    return value && value->is_number_unsigned() ? std::optional(value->get<std::uint64_t>()) : std::nullopt;
}

std::optional<bool> boolField(const json& object, std::string_view key) {
    const json* value = fieldOf(object, key);
    return value && value->is_boolean() ? std::optional(value->get<bool>()) : std::nullopt;
}

const json& objectField(const json& object, std::string_view key) {
    static const json empty = json::object();
    const json* value = fieldOf(object, key);
    return value && value->is_object() ? *value : empty;
}

std::string toLine(const json& value) {
    return value.dump(-1, ' ', false, json::error_handler_t::replace);
}

}  // namespace camgate::hub
