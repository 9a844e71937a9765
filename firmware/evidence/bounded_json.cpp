#include "evidence/bounded_json.hpp"

#include <nlohmann/json.hpp>
#include <string>

#include "base/nesting.hpp"

namespace camgate::evidence {

Result<nlohmann::json> parseBoundedObject(std::string_view text, std::size_t limit_bytes) {
    if (text.size() > limit_bytes) {
        return fail(ErrorKind::InvalidArgument, "longer than " + std::to_string(limit_bytes) + " bytes");
    }
    if (nestsDeeperThan(text, kMaxJsonDepth)) {
        return fail(ErrorKind::InvalidArgument, "nested deeper than " + std::to_string(kMaxJsonDepth));
    }
    auto document = nlohmann::json::parse(text, nullptr, false);
    if (document.is_discarded()) return fail(ErrorKind::InvalidArgument, "not JSON");
    if (!document.is_object()) return fail(ErrorKind::InvalidArgument, "not a JSON object");
    return document;
}

}  // namespace camgate::evidence
