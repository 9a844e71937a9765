// What a clip carries of each record beside its bytes, so that its leaf can be recomputed: canonical header
// and sample table in a `uuid` box in front of the record's fragment. Players pass it over. Pure, any thread.
// Implements docs/ref/clip.md (Record box).
#pragma once

#include <array>
#include <cstdint>

#include "base/bytes.hpp"

namespace camgate::evidence {

/// 7975163d-444c-4e65-b00a-88346576fb9b
inline constexpr std::array<std::uint8_t, 16> kRecordBoxType{0x79, 0x75, 0x16, 0x3D, 0x44, 0x4C, 0x4E, 0x65,
                                                             0xB0, 0x0A, 0x88, 0x34, 0x65, 0x76, 0xFB, 0x9B};
constexpr std::size_t kRecordBoxFront_bytes = 8 + kRecordBoxType.size();

Bytes recordBox(ByteView canonical_header, ByteView sample_table);

}  // namespace camgate::evidence
