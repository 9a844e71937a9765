// What the codecs of the worker messages share: the end of a decoder, and tables of the longest message per
// type. Private to ipc/.
#pragma once

#include <algorithm>
#include <cstdint>
#include <span>
#include <string>

#include "base/bytes.hpp"
#include "base/result.hpp"

namespace camgate::ipc {

constexpr std::size_t kMaxText_bytes = 1024;   ///< names, topics, URLs
constexpr std::size_t kMaxDetail_bytes = 400;  ///< what a worker says of its state

struct TypeLimit {
    std::uint16_t type;
    std::size_t longest_bytes;
};

template <class Message>
constexpr TypeLimit limitOf(Message type, std::size_t longest_bytes) {
    return {static_cast<std::uint16_t>(type), longest_bytes};
}

/// 0: no such type.
inline std::size_t longestOf(std::span<const TypeLimit> table, std::uint16_t type) {
    const auto row = std::ranges::find(table, type, &TypeLimit::type);
    return row == table.end() ? 0 : row->longest_bytes;
}

/// The value if all of the message was read and nothing was wrong with it.
template <class T>
Result<T> finish(const ByteReader& in, T value, const char* what) {
    if (!in.done()) return fail(ErrorKind::Corruption, std::string("malformed message: ") + what);
    return value;
}

inline bool getBool(ByteReader& in) {
    const auto raw = in.get<std::uint8_t>();
    if (raw > 1) in.markBad();
    return raw == 1;
}

inline void putBool(ByteWriter& out, bool value) {
    out.put(static_cast<std::uint8_t>(value ? 1 : 0));
}

}  // namespace camgate::ipc
