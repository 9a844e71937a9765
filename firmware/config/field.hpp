// A declarative table of fields: one row gives parsing, range, default, unit, error text, schema and
// reference page of a setting. Rows reach into a plain struct by member pointer. Any thread.
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

namespace camgate::config {

using Polygon = std::vector<std::array<double, 2>>;

enum class FieldKind { Text, Integer, Real, Boolean, Choice, Polygon, Object, List };

struct Table;

struct Field {
    std::string_view key = {};
    FieldKind kind = FieldKind::Text;
    std::string_view unit = {};  ///< "s", "kbit/s", "MiB"; empty: none
    std::string_view help = {};
    bool required = false;
    bool secret = false;  ///< never shown or published
    double least = 0;     ///< numbers; of texts and lists the length
    double most = 0;
    std::span<const std::string_view> choices = {};
    const Table* table = nullptr;  ///< of an Object or of a List's items
    void* (*member)(void* object) = nullptr;
    void* (*append)(void* list) = nullptr;
    std::size_t (*count)(const void* list) = nullptr;
    const void* (*item)(const void* list, std::size_t index) = nullptr;
};

struct Table {
    std::string_view title;
    std::span<const Field> fields;
    const void* (*defaults)() = nullptr;  ///< a struct as it stands when nothing is set
};

template <class Struct>
const void* defaultsOf() {
    static const Struct value;
    return &value;
}

template <class Struct, class Member>
struct MemberOf {
    using Owner = Struct;
    using Type = Member;
};
template <class Struct, class Member>
MemberOf<Struct, Member> memberOf(Member Struct::*);

template <auto kMember>
void* memberAt(void* object) {
    using Owner = typename decltype(memberOf(kMember))::Owner;
    return &(static_cast<Owner*>(object)->*kMember);
}

struct Range {
    double least;
    double most;
};

template <auto kMember>
constexpr Field field(std::string_view key, std::string_view unit, Range range, std::string_view help) {
    using Type = typename decltype(memberOf(kMember))::Type;
    Field row{.key = key,
              .unit = unit,
              .help = help,
              .least = range.least,
              .most = range.most,
              .member = memberAt<kMember>};
    if constexpr (std::is_same_v<Type, std::string>) {
        row.kind = FieldKind::Text;
    } else if constexpr (std::is_same_v<Type, bool>) {
        row.kind = FieldKind::Boolean;
    } else if constexpr (std::is_same_v<Type, std::int64_t>) {
        row.kind = FieldKind::Integer;
    } else if constexpr (std::is_same_v<Type, double>) {
        row.kind = FieldKind::Real;
    } else {
        static_assert(std::is_same_v<Type, Polygon>);
        row.kind = FieldKind::Polygon;
    }
    return row;
}

template <auto kMember>
constexpr Field choiceField(std::string_view key, std::span<const std::string_view> choices,
                            std::string_view help) {
    using Type = typename decltype(memberOf(kMember))::Type;
    static_assert(std::is_enum_v<Type> && sizeof(Type) == 1);
    return {
        .key = key, .kind = FieldKind::Choice, .help = help, .choices = choices, .member = memberAt<kMember>};
}

template <auto kMember>
constexpr Field objectField(std::string_view key, const Table& table, std::string_view help) {
    return {
        .key = key, .kind = FieldKind::Object, .help = help, .table = &table, .member = memberAt<kMember>};
}

template <auto kMember>
constexpr Field listField(std::string_view key, const Table& table, Range count, std::string_view help) {
    using List = typename decltype(memberOf(kMember))::Type;
    return {.key = key,
            .kind = FieldKind::List,
            .help = help,
            .least = count.least,
            .most = count.most,
            .table = &table,
            .member = memberAt<kMember>,
            .append = [](void* list) -> void* { return &static_cast<List*>(list)->emplace_back(); },
            .count = [](const void* list) { return static_cast<const List*>(list)->size(); },
            .item = [](const void* list, std::size_t i) -> const void* {
                return &static_cast<const List*>(list)->at(i);
            }};
}

constexpr Field required(Field row) {
    row.required = true;
    return row;
}
constexpr Field secret(Field row) {
    row.secret = true;
    return row;
}

/// Null: the table has no such key.
const Field* rowOf(const Table& table, std::string_view key);

/// What a value must be, for error texts and the reference page: "a whole number from 1 to 30 (s)".
std::string expectation(const Field& row);

}  // namespace camgate::config
