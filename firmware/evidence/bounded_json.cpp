#include "evidence/bounded_json.hpp"

#include <nlohmann/json.hpp>
#include <string>

namespace camgate::evidence {
namespace {

/// Brackets outside of strings, counted; wrong nesting is left to the parser.
bool deeperThan(std::string_view text, int limit) {
    int depth = 0;
    bool in_string = false;
    for (std::size_t i = 0; i < text.size(); ++i) {
        const char c = text[i];
        if (in_string) {
            if (c == '\\') ++i;
            if (c == '"') in_string = false;
        } else if (c == '"') {
            in_string = true;
        } else if (c == '{' || c == '[') {
            if (++depth > limit) return true;
        } else if (c == '}' || c == ']') {
            --depth;
        }
    }
    return false;
}

}  // namespace

Result<nlohmann::json> parseBoundedObject(std::string_view text, std::size_t limit_bytes) {
    if (text.size() > limit_bytes) {
        return fail(ErrorKind::InvalidArgument, "longer than " + std::to_string(limit_bytes) + " bytes");
    }
    if (deeperThan(text, kMaxJsonDepth)) {
        return fail(ErrorKind::InvalidArgument, "nested deeper than " + std::to_string(kMaxJsonDepth));
    }
    auto document = nlohmann::json::parse(text, nullptr, false);
    if (document.is_discarded()) return fail(ErrorKind::InvalidArgument, "not JSON");
    if (!document.is_object()) return fail(ErrorKind::InvalidArgument, "not a JSON object");
    return document;
}

}  // namespace camgate::evidence
