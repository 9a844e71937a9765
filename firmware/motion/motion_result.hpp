// What the detector says about one frame. Positions are parts of the picture, 0..1 from the top left.
// Plain values, any thread. Message form: docs/ref/ipc.md.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.hpp"
#include "motion/bounded_list.hpp"

namespace camgate::motion {

constexpr std::size_t kMaxBlobs = 32;
constexpr std::size_t kMaxZones = 16;
constexpr std::size_t kMaxCorners = 64;

struct Point {
    float x = 0;
    float y = 0;
};

struct Box {
    float x = 0;
    float y = 0;
    float w = 0;
    float h = 0;
    bool operator==(const Box&) const = default;
};

enum class ZoneKind : std::uint8_t { Include = 0, Ignore = 1, Line = 2 };

/// Across a line, seen from its first point to its second.
enum class Crossing : std::uint8_t { Either = 0, ToLeft = 1, ToRight = 2 };

/// Neither include zones nor lines: the whole picture counts.
struct Zone {
    std::string name;
    ZoneKind kind = ZoneKind::Include;
    std::vector<Point> polygon;            ///< 3 to 64 corners, simple, within 0..1; of a line its two ends
    std::uint8_t sensitivity_percent = 0;  ///< 0: include: the camera's; ignore: nothing is seen there
    float min_height = 0;                  ///< 0: the camera's; include only
    Crossing crossing = Crossing::Either;  ///< lines only
};

struct DetectorSettings {
    std::vector<Zone> zones;                ///< at most 16
    std::uint8_t sensitivity_percent = 50;  ///< 1 hardly anything, 100 everything
    float min_height = 0.03F;               ///< smallest object, in parts of the picture height
};

enum class GlobalState : std::uint8_t { Settling = 0, Normal = 1 };

/// What has become of the camera's view. Names in docs/ref/motion.md.
enum class SceneState : std::uint8_t { Ok, Covered, Moved, Black, Frozen, Blurred, Overexposed, Count };
std::string_view toString(SceneState state);

/// Why something that changed was not called motion. Names in docs/ref/motion.md.
enum class Rejection : std::uint8_t {
    GlobalChange,
    Illumination,
    TooSmall,
    TooShort,
    NoDisplacement,
    Flicker,
    IgnoreZone,
    OutsideZones,
    Erratic,
    Weather,
    Sway,
    Count
};
std::string_view toString(Rejection reason);
using RejectionCounts = std::array<std::uint16_t, static_cast<std::size_t>(Rejection::Count)>;

struct Blob {
    Box box;
    float confidence = 0;  ///< 0..1
    std::uint32_t track = 0;
    bool confirmed = false;           ///< part of real motion, not only a candidate
    std::uint16_t zones_touched = 0;  ///< bit i: settings.zones[i]
};

struct MotionResult {
    BootTime captured_at;
    GlobalState state = GlobalState::Settling;
    SceneState scene = SceneState::Ok;
    bool active = false;  ///< at least one confirmed blob
    BoundedList<Blob, kMaxBlobs> blobs;
    RejectionCounts rejected{};
};

}  // namespace camgate::motion
