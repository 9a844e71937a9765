#include "mutations.hpp"

#include <array>
#include <nlohmann/json.hpp>
#include <random>
#include <vector>

#include "config/fault.hpp"

namespace camgate::test {
namespace {

using config::Field;
using config::FieldKind;
using nlohmann::json;

/// Stands for text that no JSON printer writes, until it is replaced.
constexpr const char* kMark = "@raw@";

struct Place {
    std::string pointer;
    std::string parent;
    const Field* row;
};

void collect(const json& value, const config::Table& table, const std::string& at, std::vector<Place>& out) {
    for (const Field& row : table.fields) {
        if (row.secret) continue;
        const std::string pointer = config::childPointer(at, row.key);
        out.push_back({pointer, at, &row});
        const json& member = value.at(std::string(row.key));
        if (row.kind == FieldKind::Object) collect(member, *row.table, pointer, out);
        if (row.kind != FieldKind::List) continue;
        for (std::size_t i = 0; i < member.size(); ++i)
            collect(member[i], *row.table, pointer + "/" + std::to_string(i), out);
    }
}

json& at(json& document, const std::string& pointer) {
    return document[json::json_pointer(pointer)];
}

json anotherType(const Field& row, std::uint32_t number) {
    const std::array<json, 4> values{json(nullptr), json("x"), json(number % 2 == 0), json{{"a", 1}}};
    const auto fits = [&row](const json& value) {
        return (row.kind == FieldKind::Text && value.is_string()) ||
               (row.kind == FieldKind::Boolean && value.is_boolean()) ||
               (row.kind == FieldKind::Object && value.is_object());
    };
    std::size_t i = number % values.size();
    while (fits(values.at(i))) i = (i + 1) % values.size();
    return values.at(i);
}

json outOfRange(const Field& row, bool above) {
    switch (row.kind) {
        case FieldKind::Integer:
            return static_cast<std::int64_t>(above ? row.most : row.least) + (above ? 1 : -1);
        case FieldKind::Real:
            return above ? row.most + 0.5 : row.least - 0.5;
        case FieldKind::Text:
            return std::string(static_cast<std::size_t>(row.most) + 1, 'x');
        case FieldKind::Choice:
            return std::string(row.choices.front()) + "x";
        case FieldKind::Polygon:
            return json::array({{0, 0}, {1, 0}, {1, above ? 1.01 : -0.01}});
        case FieldKind::List:
            return std::vector<json>(static_cast<std::size_t>(row.most) + 1, json::object());
        default:
            return nullptr;
    }
}

/// Settings that have no `without` are changed in another way.
class Mutator {
  public:
    Mutator(const std::string& document, const config::Table& table, std::uint32_t seed)
        : random_(seed), document_(json::parse(document)) {
        std::vector<Place> places;
        collect(document_, table, "", places);
        place_ = places[random_() % places.size()];
    }

    Mutation run() {
        using Way = Mutation (Mutator::*)();
        constexpr std::array<Way, 9> kWays{&Mutator::type,     &Mutator::range,  &Mutator::typo,
                                           &Mutator::lack,     &Mutator::twice,  &Mutator::huge,
                                           &Mutator::noNumber, &Mutator::secret, &Mutator::nul};
        return (this->*kWays[random_() % kWays.size()])();
    }

  private:
    Mutation done(std::string what, std::string pointer) {
        return {std::move(what), document_.dump(), std::move(pointer)};
    }
    Mutation raw(std::string what, const std::string& instead) {
        at(document_, place_.pointer) = kMark;
        std::string text = document_.dump();
        const std::string mark = '"' + std::string(kMark) + '"';
        text.replace(text.find(mark), mark.size(), instead);
        return {std::move(what), std::move(text), place_.pointer};
    }

    Mutation type() {
        at(document_, place_.pointer) = anotherType(*place_.row, static_cast<std::uint32_t>(random_()));
        return done("another type", place_.pointer);
    }
    Mutation range() {
        if (place_.row->kind == FieldKind::Boolean || place_.row->kind == FieldKind::Object) return type();
        // An older version is no fault either.
        const bool above = random_() % 2 == 0 || place_.row->key == "version";
        at(document_, place_.pointer) = outOfRange(*place_.row, above);
        return done("out of its range", place_.pointer);
    }
    Mutation typo() {
        std::string key(place_.row->key);
        key.insert(random_() % (key.size() + 1), 1, 'q');
        json& parent = at(document_, place_.parent);
        parent[key] = parent[std::string(place_.row->key)];
        return done("a mistyped key", config::childPointer(place_.parent, key));
    }
    Mutation lack() {
        if (!place_.row->required) return typo();
        at(document_, place_.parent).erase(std::string(place_.row->key));
        // A document without a version is one of version 1, and that is no fault.
        return place_.row->key == "version" ? range() : done("without what is required", place_.pointer);
    }
    Mutation twice() {
        const std::string value = at(document_, place_.pointer).dump();
        return raw("a key twice", value + ",\"" + std::string(place_.row->key) + "\":" + value);
    }
    Mutation huge() {
        return raw("a huge number", random_() % 2 == 0 ? "1e999" : "-99999999999999999999999");
    }
    Mutation noNumber() { return raw("no number", random_() % 2 == 0 ? "NaN" : "Infinity"); }
    Mutation secret() {
        const auto cameras = document_["cameras"].size();
        const std::string camera = "/cameras/" + std::to_string(random_() % cameras);
        at(document_, camera)["password"] = "look-4-me";
        return done("a secret", camera + "/password");
    }
    Mutation nul() {
        if (place_.row->kind != FieldKind::Text) return type();
        at(document_, place_.pointer) = std::string("a\0b", 3);
        return done("a NUL", place_.pointer);
    }

    std::mt19937 random_;
    json document_;
    Place place_;
};

}  // namespace

Mutation mutate(const std::string& document, const config::Table& table, std::uint32_t seed) {
    return Mutator(document, table, seed).run();
}

}  // namespace camgate::test
