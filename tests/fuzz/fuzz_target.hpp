// What every target of this folder defines: one reader of bytes that may come from a broken card, a hostile
// camera or the Internet. fuzz_entry.cpp hands it to libFuzzer, replay.cpp runs it over seeds and corpus in
// every build.
#pragma once

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <vector>

#include "base/bytes.hpp"
#include "base/result.hpp"

namespace camgate::fuzz {

/// Reads `input`; true: it was taken for sound. Aborts where the reader broke a promise.
bool readHostile(ByteView input);
/// Sound inputs to start from.
std::vector<Bytes> seeds();

inline void require(bool holds, const char* promise) {
    if (holds) return;
    std::fprintf(stderr, "broken promise: %s\n", promise);
    std::abort();
}

/// What was taken says itself in the same bytes again: no two texts for one meaning, nothing left over.
template <class T, class Encode>
bool sameAgain(const Result<T>& decoded, ByteView input, Encode encode) {
    if (!decoded) return false;
    const Bytes again = encode(*decoded);
    require(std::ranges::equal(again, input), "what was decoded encodes to the same bytes");
    return true;
}

/// The first byte chooses one of a target's readers.
inline Bytes chosen(std::uint8_t reader, ByteView bytes) {
    Bytes input{reader};
    input.insert(input.end(), bytes.begin(), bytes.end());
    return input;
}

}  // namespace camgate::fuzz
