// Sound documents made unsound in one place each, by a seed: what people and broken programs get wrong, at
// any setting of the table, and the pointer that must be named for it.
#pragma once

#include <cstdint>
#include <string>

#include "config/field.hpp"

namespace camgate::test {

struct Mutation {
    std::string what;
    std::string text;
    std::string pointer;
};

/// `document`: printed by the table, so that every setting is there.
Mutation mutate(const std::string& document, const config::Table& table, std::uint32_t seed);

}  // namespace camgate::test
