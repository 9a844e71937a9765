#include "evidence/record_id.hpp"

#include <array>
#include <cstdio>
#include <nlohmann/json.hpp>

#include "evidence/object_reader.hpp"

namespace camgate::evidence {

nlohmann::json toJson(const RecordId& id) {
    std::array<char, 17> session{};
    std::snprintf(session.data(), session.size(), "%016llx", static_cast<unsigned long long>(id.session));
    return {{"session", session.data()}, {"sequence", id.sequence}};
}

RecordId readRecordId(ObjectReader& in) {
    RecordId id;
    id.sequence = in.number("sequence", 0);
    const auto bytes = fromHex(in.text("session", 16));
    if (!bytes || bytes->size() != 8) {
        in.setFault("session", "16 lower-case hex digits");
        return id;
    }
    for (const std::uint8_t byte : *bytes) id.session = id.session << 8U | byte;
    return id;
}

}  // namespace camgate::evidence
