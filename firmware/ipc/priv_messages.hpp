// What camgated asks of camgate-priv, root's few verbs: one of them, one answer, and it ends. camgate-priv
// believes nothing that comes in, camgated not much more. Decoders check every length and number and answer
// Corruption. Implements docs/ref/ipc.md (Priv). Any thread.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <vector>

#include "base/bytes.hpp"
#include "base/result.hpp"

namespace camgate::ipc {

enum class PrivMessage : std::uint16_t {
    // to camgate-priv
    Slots = 1,
    Inspect = 2,
    Install = 3,
    Activate = 4,
    MarkGood = 5,
    Restart = 6,
    Network = 7,
    // from it
    Hello = 16,
    SlotsAre = 17,
    BundleIs = 18,
    Progress = 19,
    Done = 20,
    Failed = 21,
};

/// Slots are 0 (A) and 1 (B).
struct SlotsReport {
    std::uint8_t running = 0;
    std::uint8_t first = 0;
    std::array<std::uint8_t, 2> tries_left{};
    std::array<std::string, 2> versions;  ///< empty: not known
    std::string compatible;
    bool installing = false;
    bool operator==(const SlotsReport&) const = default;
};

struct BundleReport {
    std::string compatible;
    std::string version;
    bool operator==(const BundleReport&) const = default;
};

/// Texts as people typed them: whoever obeys looks at them again. No address: DHCP.
struct NetworkOrder {
    std::string address;  ///< with the network's length
    std::string router;
    std::vector<std::string> name_servers;  ///< at most 3
    bool operator==(const NetworkOrder&) const = default;
};

std::size_t longestFromPriv(std::uint16_t type);
std::size_t longestToPriv(std::uint16_t type);

/// Of Inspect and Install.
Bytes encodePrivPath(const std::string& path);
/// Of Activate.
Bytes encodePrivSlot(std::uint8_t slot);
Bytes encode(const NetworkOrder& order);
Bytes encode(const SlotsReport& report);
Bytes encode(const BundleReport& report);
Bytes encodePrivProgress(std::uint8_t percent);
Bytes encodePrivFailure(const Error& why);

[[nodiscard]] Result<std::string> decodePrivPath(ByteView payload);
[[nodiscard]] Result<std::uint8_t> decodePrivSlot(ByteView payload);
[[nodiscard]] Result<NetworkOrder> decodeNetworkOrder(ByteView payload);
[[nodiscard]] Result<SlotsReport> decodeSlotsReport(ByteView payload);
[[nodiscard]] Result<BundleReport> decodeBundleReport(ByteView payload);
[[nodiscard]] Result<std::uint8_t> decodePrivProgress(ByteView payload);
/// What went wrong; Corruption if the message itself is malformed, Internal with an odd kind.
Error decodePrivFailure(ByteView payload);

}  // namespace camgate::ipc
