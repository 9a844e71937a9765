// What a certificate may be used for in camgate: an extended key usage below camgate's own arc
// 2.25.44254404398301313505594824726653034204 (a UUID, so no registry is asked). Any thread.
// Implements docs/ref/evidence.md (Purposes).
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>

#include "base/bytes.hpp"

namespace camgate::crypto {

enum class Purpose : std::uint8_t {
    Command = 1,      ///< signs envelopes: the hub
    Evidence = 2,     ///< signs manifests and checkpoints: a gateway
    Release = 3,      ///< opens sealed footage: the hub, at rest
    Countersign = 4,  ///< signs countersignatures: the hub
    Receive = 5,      ///< opens sealed clips and pictures as they arrive: the hub
    Unwrap = 6,       ///< opens secrets that are sent to it: a gateway
};

inline constexpr std::string_view kPurposeArc = "2.25.44254404398301313505594824726653034204";

std::string_view toString(Purpose purpose);
/// The object identifier's DER content. Compared as raw bytes: its second arc has 128 bits, which no integer
/// of an X.509 library holds.
std::array<std::uint8_t, 20> derOid(Purpose purpose);
/// As OpenSSL's configuration writes it.
std::string dottedOid(Purpose purpose);

}  // namespace camgate::crypto
