// Takes typed fields out of a JSON object and remembers the first fault, as JSON pointer and what was
// expected. One thread; the document must outlive the reader.
#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/bytes.hpp"
#include "base/clock.hpp"
#include "crypto/hash.hpp"

namespace camgate::evidence {

/// The largest integer that every JSON reader keeps exact.
constexpr std::uint64_t kMaxJsonInteger = (std::uint64_t{1} << 53U) - 1;

/// A closed list of names for the values of an enumeration.
template <class T, std::size_t N>
using Names = std::array<std::pair<std::string_view, T>, N>;

template <class T, std::size_t N>
std::string nameOf(const Names<T, N>& names, T value) {
    for (const auto& [name, named] : names) {
        if (named == value) return std::string(name);
    }
    return "unknown";
}

class ObjectReader {
  public:
    explicit ObjectReader(const nlohmann::json& document) : ObjectReader(document, "", fault_) {}
    ObjectReader(const ObjectReader&) = delete;
    ObjectReader& operator=(const ObjectReader&) = delete;

    std::string text(std::string_view field, std::size_t limit_bytes);
    /// 1 to `limit_bytes` of `A-Z a-z 0-9 . _ -`.
    std::string word(std::string_view field, std::size_t limit_bytes);
    std::uint64_t number(std::string_view field, std::uint64_t least, std::uint64_t most = kMaxJsonInteger);
    WallTime time(std::string_view field);
    crypto::Digest digest(std::string_view field);
    Bytes base64(std::string_view field);
    /// base64 of at most 256 bytes.
    Bytes signature(std::string_view field);
    std::vector<crypto::Digest> digests(std::string_view field, std::size_t limit);
    /// The object `field` as JSON text, whatever is in it.
    std::string nested(std::string_view field);
    bool has(std::string_view field) const;

    template <class T, std::size_t N>
    T oneOf(std::string_view field, const Names<T, N>& names) {
        const std::string said = text(field, 64);
        std::string expected;
        for (const auto& [name, value] : names) {
            if (name == said) return value;
            expected += (expected.empty() ? "" : ", ") + std::string(name);
        }
        setFault(field, "one of " + expected);
        return names.front().second;
    }
    using Read = std::function<void(ObjectReader&)>;
    /// Calls `read` for the object `field`.
    void object(std::string_view field, const Read& read);
    /// Calls `read` for each object of the array `field`, until a fault.
    void each(std::string_view field, std::size_t limit, const Read& read);

    void setFault(std::string_view field, std::string_view expected) {
        setFaultAt(pointerTo(field), expected);
    }
    /// InvalidArgument with "/records/3/leaf: expected ...", or nothing if all was well.
    [[nodiscard]] Status status() const;

  private:
    ObjectReader(const nlohmann::json& value, std::string pointer, std::optional<std::string>& fault)
        : value_(value), pointer_(std::move(pointer)), fault_ref_(fault) {}
    const nlohmann::json* find(std::string_view field) const;
    std::string pointerTo(std::string_view field) const { return pointer_ + "/" + std::string(field); }
    void setFaultAt(const std::string& pointer, std::string_view expected);

    const nlohmann::json& value_;
    std::string pointer_;
    std::optional<std::string> fault_;  // used by the outermost reader only
    std::optional<std::string>& fault_ref_;
};

}  // namespace camgate::evidence
