// What is known of the update under way or the last one: kept durable before each of its deeds. Pure; any
// thread. Implements docs/ref/update.md (Files on state; Phases and reasons).
#pragma once

#include <cstdint>
#include <optional>
#include <set>
#include <string>

#include "base/clock.hpp"
#include "base/result.hpp"
#include "update/boot_environment.hpp"

namespace camgate::update {

enum class Phase : std::uint8_t {
    None,
    Downloading,
    Verifying,
    Installing,
    Rebooting,
    Trial,
    Committed,
    RolledBack,
    Failed
};
std::string_view toString(Phase phase);
/// Neither begun nor ended.
bool underWay(Phase phase);

enum class Source : std::uint8_t { Console, Url, Hub };
std::string_view toString(Source source);

struct Order {
    std::string id;       ///< of whoever gave it, so that a repeat is known
    std::string version;  ///< empty: whatever the bundle has
    std::string sha256;   ///< of the bundle, 64 hex digits
    std::uint64_t bytes = 0;
    Source source = Source::Console;
    std::string url;  ///< of Source::Url
    std::optional<WallTime> not_before;
    bool allow_downgrade = false;
    std::string who;

    bool operator==(const Order&) const = default;
};

/// What must work again before the new version is kept.
struct Demands {
    bool link = false;
    bool card = false;
    std::set<std::string> cameras;

    bool operator==(const Demands&) const = default;
};

struct UpdateRecord {
    Phase phase = Phase::None;
    Order order;
    Slot from = Slot::A;  ///< the slot that ran when it began
    Slot target = Slot::B;
    std::string from_version;
    int attempts = 0;       ///< how often the deed of this phase was begun
    bool verified = false;  ///< it waits for its time alone
    WallTime since{};       ///< of the phase
    std::string reason;     ///< of docs/ref/update.md; on trial: it was given up for this
    std::string detail;     ///< for people
    Demands demands;
    std::string unknown_json = "{}";  ///< fields of another firmware, kept as they are

    bool operator==(const UpdateRecord&) const = default;
};

std::string recordJson(const UpdateRecord& record);
/// Corruption names what is missing or wrong.
[[nodiscard]] Result<UpdateRecord> parseRecord(const std::string& text);

}  // namespace camgate::update
