// Names one record of a camera's stream: the append session in which it was written and its number there.
// In JSON {"session": "<16 hex digits>", "sequence": 17}. Any thread.
#pragma once

#include <cstdint>
#include <nlohmann/json_fwd.hpp>
#include <string>

namespace camgate::evidence {

class ObjectReader;

struct RecordId {
    std::uint64_t session = 0;
    std::uint64_t sequence = 0;
    bool operator==(const RecordId&) const = default;
};

nlohmann::json toJson(const RecordId& id);
RecordId readRecordId(ObjectReader& in);
/// The field "session": 16 hex digits.
std::uint64_t readSession(ObjectReader& in);
std::string sessionText(std::uint64_t session);

}  // namespace camgate::evidence
