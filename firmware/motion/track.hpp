// One thing that is followed, and the evidence that it is somebody or something that moves: how long it was
// seen moving, how far it went, how straight. Integer arithmetic, plain value. One thread.
#pragma once

#include <cstdint>
#include <optional>

#include "motion/blobs.hpp"
#include "motion/motion_result.hpp"
#include "motion/way.hpp"

namespace camgate::motion {

/// A candidate of this frame: one found blob, or several fragments of one object.
struct Observation {
    PixelBox box;
    int seeds = 0;
    int blocks = 0;
    int moving = 0;
    int changed_px = 0;
    int lasting_percent = 100;  ///< how much of its difference the slow eye sees
    bool weak = false;          ///< only the slow eye sees it
    int flicker = 0;            ///< mean flicker memory under it, 0..255
};

/// Edges of a box on the small plane in 1/16 px.
struct Edges_q4 {
    std::int32_t left = 0, top = 0, right = 0, bottom = 0;
    static Edges_q4 of(const PixelBox& box);
    std::int32_t middleX() const { return (left + right) / 2; }
    std::int32_t middleY() const { return (top + bottom) / 2; }
};

/// How much of what is seen comes to nothing: the more, the more is asked of each candidate.
struct Unrest {
    int clutter_q4 = 0;  ///< flying candidates, 1/16 per second: rain, snow, insects
    int weak_q4 = 0;     ///< things at a time that only the slow eye sees, 1/16
};

/// What the scene asks of a candidate.
struct Demands {
    int seen_ms = 400;
    int hits = 0;
    int net_px = 0;
    int straight_percent = 0;
};

struct Track {
    std::uint32_t id = 0;
    PixelBox box;
    std::int32_t speed_x_q4 = 0, speed_y_q4 = 0;  ///< 1/16 px per second
    std::int32_t seen_ms = 0;                     ///< seen moving; what changed once and stays is a ghost
    std::int32_t age_ms = 0, missed_ms = 0;
    std::int32_t in_place_ms = 0;    ///< without net displacement
    std::int32_t getting_on_ms = 0;  ///< with it, while confirmed
    std::int32_t frozen_ms = 0;      ///< without any change between frames
    std::int32_t hits = 0;
    std::int32_t convincing_ms = 0;
    std::int32_t net_px = 0;  ///< see Way::measure()
    std::int32_t straight_percent = 100;
    int flicker = 0;
    int unsteady_percent = 0;  ///< how much its size changes from frame to frame
    int fill_percent = 0;      ///< of its box, changed
    int lasting_percent = 0;   ///< of its difference, seen by the slow eye as well
    bool weak = false;         ///< so far only the slow eye sees it
    int strong_hits = 0;
    int usual_area_px = 0;  ///< the largest lately
    bool confirmed = false;
    bool ever_confirmed = false;
    bool convinces = false;     ///< shows all that is asked, since convincing_ms
    bool observed = false;      ///< in this frame
    std::uint16_t crossed = 0;  ///< bit i: the line settings.zones[i], the way it asks for
    PixelBox before;            ///< where it was when it was last seen
    PixelBox home;              ///< where it was in its first second
    Rejection lacks = Rejection::TooShort;

    void begin(const Observation& seen);
    void update(const Observation& seen, int dt_ms);
    PixelBox expectedAfter(int ms) const;
    /// A candidate that mostly the slow eye alone has seen.
    bool faint() const;
    /// Judges the evidence after a frame, seen or not.
    void judge(const Grid& grid, int dt_ms, const Unrest& unrest);

  private:
    void measureWay(const Grid& grid);
    bool leapsTo(const PixelBox& there, int dt_ms) const;
    bool atBorder(const Grid& grid) const;
    bool flies(const Grid& grid) const;
    bool isWeather(const Grid& grid, const Unrest& unrest) const;
    std::optional<Rejection> missing(const Grid& grid, const Unrest& unrest) const;
    Demands demands(const Grid& grid, const Unrest& unrest) const;
    int holds_ms(int dt_ms) const;

    Way way_;
};

}  // namespace camgate::motion
