// Names of enumerations that more than one document of this room writes. Any thread.
#pragma once

#include "base/clock.hpp"
#include "evidence/object_reader.hpp"
#include "media/access_unit.hpp"

namespace camgate::evidence {

inline constexpr Names<media::StreamKind, 2> kStreams{
    {{"main", media::StreamKind::Main}, {"sub", media::StreamKind::Sub}}};
inline constexpr Names<WallQuality, 3> kWallQualities{
    {{"unsynced", WallQuality::Unsynced}, {"rtc", WallQuality::Rtc}, {"ntp", WallQuality::Ntp}}};

}  // namespace camgate::evidence
