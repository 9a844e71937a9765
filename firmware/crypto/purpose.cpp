#include "crypto/purpose.hpp"

namespace camgate::crypto {
namespace {

struct Row {
    Purpose purpose;
    std::string_view name;
};
constexpr std::array kPurposes{
    Row{Purpose::Command, "command"}, Row{Purpose::Evidence, "evidence"},
    Row{Purpose::Release, "release"}, Row{Purpose::Countersign, "countersign"},
    Row{Purpose::Receive, "receive"}, Row{Purpose::Unwrap, "unwrap"},
};

// 2.25 is 80 + 25 = 0x69; the UUID 214b1698-37f4-485a-a5cc-8fb25aa9dedc follows in groups of 7 bits.
constexpr std::array<std::uint8_t, 19> kArc{0x69, 0xC2, 0xCB, 0x8B, 0xA6, 0x86, 0xFF, 0xA2, 0xA1, 0xB5,
                                            0xA5, 0xE6, 0xA3, 0xF6, 0xA5, 0xD5, 0xA7, 0xBD, 0x5C};

}  // namespace

std::string_view toString(Purpose purpose) {
    for (const auto& row : kPurposes) {
        if (row.purpose == purpose) return row.name;
    }
    return "unknown";
}

std::array<std::uint8_t, 20> derOid(Purpose purpose) {
    std::array<std::uint8_t, 20> oid{};
    for (std::size_t i = 0; i < kArc.size(); ++i) oid[i] = kArc[i];
    oid.back() = static_cast<std::uint8_t>(purpose);
    return oid;
}

std::string dottedOid(Purpose purpose) {
    return std::string(kPurposeArc) + "." + std::to_string(static_cast<int>(purpose));
}

}  // namespace camgate::crypto
