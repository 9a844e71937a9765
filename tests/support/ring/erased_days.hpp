// Which records of a simulated life lie under which key, and what erasing takes with it. Records are told
// apart by camera, life (the run of the daemon that wrote them) and sequence; all else follows from these.
// Header only. Any thread.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <tuple>

#include "ring/ring_keys.hpp"

namespace camgate::test {

struct RecordName {
    std::uint64_t camera = 0;
    std::uint64_t life = 0;
    std::uint64_t sequence = 0;
    auto operator<=>(const RecordName&) const = default;
    std::string text() const {
        return "camera " + std::to_string(camera) + ", life " + std::to_string(life) + ", record " +
               std::to_string(sequence);
    }
};

inline RecordName nameOf(const ring::RecordInfo& info) {
    return {info.header.camera_tag, info.header.boot_session, info.header.sequence};
}

/// Ten minutes apart, so that a life may see midnight.
inline BootTime bootTimeOf(const RecordName& name) {
    return BootTime(std::chrono::minutes(10) * static_cast<std::int64_t>(name.sequence));
}

/// Two lives a day; each fifth never learns the time.
inline TimeMap timeMapOf(std::uint64_t life) {
    return {std::chrono::seconds(1'772'366'300) + std::chrono::hours(12) * static_cast<std::int64_t>(life),
            life % 5 == 4 ? WallQuality::Unsynced : WallQuality::Ntp, std::chrono::milliseconds(10)};
}

inline ring::KeyOwner keyOwnerOf(const RecordName& name) {
    ring::RecordHeader header;
    header.camera_tag = name.camera;
    header.boot_session = name.life;
    header.first_decode = bootTimeOf(name);
    header.time_map = timeMapOf(name.life);
    return ring::keyOwnerOf(header);
}

struct ErasedDays {
    std::optional<std::uint64_t> camera;  ///< none: a factory reset
    ring::DayRange days;

    bool covers(const RecordName& name) const {
        if (!camera) return true;
        const ring::KeyOwner owner = keyOwnerOf(name);
        const bool all_days = days.first == ring::DayRange{}.first && days.last == ring::DayRange{}.last;
        if (*camera != name.camera) return false;
        if (owner.scope == ring::KeyScope::BootDay) return all_days;
        return days.first <= owner.day && owner.day <= days.last;
    }
    /// The reader says that it is erased, and not only nothing.
    bool isSaid(const RecordName& name) const {
        return camera.has_value() && keyOwnerOf(name).scope == ring::KeyScope::WallDay;
    }
};

}  // namespace camgate::test
