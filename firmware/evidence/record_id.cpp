#include "evidence/record_id.hpp"

#include <array>
#include <cstdio>
#include <nlohmann/json.hpp>

#include "evidence/object_reader.hpp"

namespace camgate::evidence {

std::string sessionText(std::uint64_t session) {
    std::array<char, 17> text{};
    std::snprintf(text.data(), text.size(), "%016llx", static_cast<unsigned long long>(session));
    return text.data();
}

nlohmann::json toJson(const RecordId& id) {
    return {{"session", sessionText(id.session)}, {"sequence", id.sequence}};
}

RecordId readRecordId(ObjectReader& in) {
    RecordId id;
    id.sequence = in.number("sequence", 0);
    id.session = readSession(in);
    return id;
}

std::uint64_t readSession(ObjectReader& in) {
    const auto bytes = fromHex(in.text("session", 16));
    if (!bytes || bytes->size() != 8) {
        in.setFault("session", "16 lower-case hex digits");
        return 0;
    }
    std::uint64_t session = 0;
    for (const std::uint8_t byte : *bytes) session = session << 8U | byte;
    return session;
}

}  // namespace camgate::evidence
