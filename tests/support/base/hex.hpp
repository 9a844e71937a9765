// Bytes as published test vectors spell them. Header only.
#pragma once

#include <string_view>

#include "base/bytes.hpp"

namespace camgate::test {

inline Bytes hex(std::string_view text) {
    return fromHex(text).value();
}

}  // namespace camgate::test
