#include "evidence/object_reader.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "base/wall_text.hpp"

namespace camgate::evidence {
namespace {

constexpr std::size_t kMaxSignature_bytes = 256;

bool isWordCharacter(char c) {
    return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '.' ||
           c == '_' || c == '-';
}

}  // namespace

const nlohmann::json* ObjectReader::find(std::string_view field) const {
    const auto found = value_.find(std::string(field));
    return found == value_.end() ? nullptr : &*found;
}

bool ObjectReader::has(std::string_view field) const {
    return find(field) != nullptr;
}

std::string ObjectReader::text(std::string_view field, std::size_t limit_bytes) {
    const nlohmann::json* value = find(field);
    const auto* said = value == nullptr ? nullptr : value->get_ptr<const std::string*>();
    if (said == nullptr || said->size() > limit_bytes) {
        setFault(field, "text of at most " + std::to_string(limit_bytes) + " bytes");
        return {};
    }
    return *said;
}

std::string ObjectReader::word(std::string_view field, std::size_t limit_bytes) {
    std::string said = text(field, limit_bytes);
    if (said.empty() || !std::ranges::all_of(said, isWordCharacter)) {
        setFault(field, "1 to " + std::to_string(limit_bytes) + " of A-Z a-z 0-9 . _ -");
    }
    return said;
}

std::uint64_t ObjectReader::number(std::string_view field, std::uint64_t least, std::uint64_t most) {
    const nlohmann::json* value = find(field);
    const bool fits = value != nullptr && value->is_number_unsigned() &&
                      value->get<std::uint64_t>() >= least && value->get<std::uint64_t>() <= most;
    if (fits) return value->get<std::uint64_t>();
    setFault(field, "an integer from " + std::to_string(least) + " to " + std::to_string(most));
    return least;
}

WallTime ObjectReader::time(std::string_view field) {
    const auto parsed = parseWallTime(text(field, 40));
    if (!parsed) setFault(field, "a time like 2026-03-01T22:15:00.000Z");
    return parsed.value_or(WallTime{});
}

crypto::Digest ObjectReader::digest(std::string_view field) {
    const auto parsed = crypto::digestFromHex(text(field, 64));
    if (!parsed) setFault(field, "a SHA-256 of 64 lower-case hex digits");
    return parsed.value_or(crypto::Digest{});
}

Bytes ObjectReader::base64(std::string_view field) {
    auto parsed = fromBase64(text(field, std::string::npos));
    if (!parsed) {
        setFault(field, "base64");
        return {};
    }
    return std::move(*parsed);
}

Bytes ObjectReader::signature(std::string_view field) {
    Bytes bytes = base64(field);
    if (bytes.size() > kMaxSignature_bytes) setFault(field, "a signature");
    return bytes;
}

std::vector<crypto::Digest> ObjectReader::digests(std::string_view field, std::size_t limit) {
    const nlohmann::json* value = find(field);
    std::vector<crypto::Digest> digests;
    const auto wrong = [&] {
        setFault(field, "an array of at most " + std::to_string(limit) + " SHA-256 in hex");
        return std::vector<crypto::Digest>();
    };
    if (value == nullptr || !value->is_array() || value->size() > limit) return wrong();
    for (const auto& element : *value) {
        const auto* said = element.get_ptr<const std::string*>();
        const auto parsed = said ? crypto::digestFromHex(*said) : fail(ErrorKind::InvalidArgument, "");
        if (!parsed) return wrong();
        digests.push_back(*parsed);
    }
    return digests;
}

std::string ObjectReader::nested(std::string_view field) {
    const nlohmann::json* value = find(field);
    if (value != nullptr && value->is_object()) return value->dump();
    setFault(field, "an object");
    return {};
}

void ObjectReader::object(std::string_view field, const Read& read) {
    const nlohmann::json* value = find(field);
    if (value == nullptr || !value->is_object()) return setFault(field, "an object");
    ObjectReader inner(*value, pointerTo(field), fault_ref_);
    read(inner);
}

void ObjectReader::each(std::string_view field, std::size_t limit, const Read& read) {
    const nlohmann::json* value = find(field);
    if (value == nullptr || !value->is_array() || value->size() > limit) {
        return setFault(field, "an array of at most " + std::to_string(limit));
    }
    std::size_t index = 0;
    for (const auto& element : *value) {
        const std::string pointer = pointerTo(field) + "/" + std::to_string(index++);
        if (!element.is_object()) return setFaultAt(pointer, "an object");
        ObjectReader inner(element, pointer, fault_ref_);
        read(inner);
        if (fault_ref_) return;
    }
}

void ObjectReader::setFaultAt(const std::string& pointer, std::string_view expected) {
    if (!fault_ref_) fault_ref_ = pointer + ": expected " + std::string(expected);
}

Status ObjectReader::status() const {
    if (fault_ref_) return fail(ErrorKind::InvalidArgument, *fault_ref_);
    return {};
}

}  // namespace camgate::evidence
