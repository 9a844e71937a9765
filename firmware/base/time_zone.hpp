// A zone of the machine's table of time zones (TZif files, RFC 8536), a value that anybody may keep. libc has
// one zone for a process, out of its environment, which no program with threads may change while it runs;
// std::chrono's zones come with a later compiler. Any thread.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.hpp"
#include "base/clock.hpp"
#include "base/result.hpp"
#include "base/zone_rule.hpp"

namespace camgate {

class TimeZone {
  public:
    /// UTC.
    TimeZone() = default;
    /// "Asia/Ho_Chi_Minh". NotFound: the machine's table has none of that name. Corruption.
    [[nodiscard]] static Result<TimeZone> load(const std::string& name);
    /// A file's bytes. Corruption.
    [[nodiscard]] static Result<TimeZone> parse(ByteView file);

    /// East of Greenwich.
    std::chrono::seconds offsetAt(WallTime time) const;

  private:
    struct Change {
        std::chrono::seconds at;
        std::chrono::seconds offset;
    };

    std::chrono::seconds first_{};  ///< before any change
    std::vector<Change> changes_;
    std::optional<ZoneRule> after_;
};

/// The names among which people choose: one for each place, without their older ones. Empty: the machine has
/// no table.
std::vector<std::string> timeZoneNames();

}  // namespace camgate
