#include "motion/zones.hpp"

#include <algorithm>
#include <cmath>
#include <string>

namespace camgate::motion {
namespace {

std::string nameOf(const Zone& zone, std::size_t index) {
    return zone.name.empty() ? "zone " + std::to_string(index + 1) : "zone \"" + zone.name + "\"";
}

double turn(const Point& a, const Point& b, const Point& c) {
    return (static_cast<double>(b.x) - a.x) * (static_cast<double>(c.y) - a.y) -
           (static_cast<double>(b.y) - a.y) * (static_cast<double>(c.x) - a.x);
}

bool onSegment(const Point& a, const Point& b, const Point& p) {
    return p.x >= std::min(a.x, b.x) && p.x <= std::max(a.x, b.x) && p.y >= std::min(a.y, b.y) &&
           p.y <= std::max(a.y, b.y);
}

bool meet(const Point& a, const Point& b, const Point& c, const Point& d) {
    const double abc = turn(a, b, c);
    const double abd = turn(a, b, d);
    const double cda = turn(c, d, a);
    const double cdb = turn(c, d, b);
    if (((abc > 0) != (abd > 0)) && ((cda > 0) != (cdb > 0)) && abc != 0 && abd != 0 && cda != 0 && cdb != 0)
        return true;
    return (abc == 0 && onSegment(a, b, c)) || (abd == 0 && onSegment(a, b, d)) ||
           (cda == 0 && onSegment(c, d, a)) || (cdb == 0 && onSegment(c, d, b));
}

bool crossesItself(const std::vector<Point>& polygon) {
    const std::size_t n = polygon.size();
    for (std::size_t i = 0; i < n; ++i) {
        for (std::size_t j = i + 1; j < n; ++j) {
            const bool neighbours = j == i + 1 || (i == 0 && j == n - 1);
            if (!neighbours && meet(polygon[i], polygon[(i + 1) % n], polygon[j], polygon[(j + 1) % n]))
                return true;
        }
    }
    return false;
}

double area(const std::vector<Point>& polygon) {
    double twice = 0;
    for (std::size_t i = 0; i < polygon.size(); ++i) {
        const Point& a = polygon[i];
        const Point& b = polygon[(i + 1) % polygon.size()];
        twice += static_cast<double>(a.x) * b.y - static_cast<double>(b.x) * a.y;
    }
    return std::abs(twice) / 2;
}

Status checkCorners(const Zone& zone, const std::string& name) {
    const std::size_t corners = zone.polygon.size();
    if (zone.kind == ZoneKind::Line) {
        if (corners == 2) return {};
        return fail(ErrorKind::InvalidArgument,
                    name + ": a line has 2 ends, this one has " + std::to_string(corners) + " points");
    }
    if (corners >= 3 && corners <= kMaxCorners) return {};
    return fail(ErrorKind::InvalidArgument,
                name + ": expected 3 to 64 corners, has " + std::to_string(corners));
}

Status checkNumbers(const Zone& zone, const std::string& name) {
    if (zone.sensitivity_percent > 100)
        return fail(ErrorKind::InvalidArgument, name + ": sensitivity: expected 0 to 100 percent");
    if (!(zone.min_height >= 0 && zone.min_height <= 1)) {
        return fail(ErrorKind::InvalidArgument,
                    name + ": smallest height: expected 0 to 1 of the picture height");
    }
    return {};
}

Status checkZone(const Zone& zone, const std::string& name) {
    if (auto checked = checkCorners(zone, name); !checked) return checked;
    if (auto checked = checkNumbers(zone, name); !checked) return checked;
    for (std::size_t i = 0; i < zone.polygon.size(); ++i) {
        const Point& p = zone.polygon[i];
        // Written so that NaN is refused too.
        if (!(p.x >= 0 && p.x <= 1 && p.y >= 0 && p.y <= 1)) {
            return fail(ErrorKind::InvalidArgument, name + ": corner " + std::to_string(i + 1) +
                                                        " is outside the picture, expected 0 to 1");
        }
    }
    if (zone.kind == ZoneKind::Line) {
        const Point& a = zone.polygon[0];
        const Point& b = zone.polygon[1];
        if (std::abs(a.x - b.x) + std::abs(a.y - b.y) > 0.01F) return {};
        return fail(ErrorKind::InvalidArgument, name + ": its ends lie on one another");
    }
    if (crossesItself(zone.polygon))
        return fail(ErrorKind::InvalidArgument, name + ": its outline crosses itself");
    if (area(zone.polygon) < 1e-6) return fail(ErrorKind::InvalidArgument, name + ": has no area");
    return {};
}

bool inside(const std::vector<Point>& polygon, float x, float y) {
    bool in = false;
    for (std::size_t i = 0, j = polygon.size() - 1; i < polygon.size(); j = i++) {
        const Point& a = polygon[i];
        const Point& b = polygon[j];
        if ((a.y > y) != (b.y > y) && x < (b.x - a.x) * (y - a.y) / (b.y - a.y) + a.x) in = !in;
    }
    return in;
}

/// A block belongs to a zone when at least half of its 4x4 sample points do.
bool covers(const Zone& zone, const Grid& grid, int column, int row) {
    constexpr int kSamples = 4;
    int hits = 0;
    for (int i = 0; i < kSamples * kSamples; ++i) {
        const float step = static_cast<float>(kBlock_px) / kSamples;
        const float x =
            static_cast<float>(column * kBlock_px) + (static_cast<float>(i % kSamples) + 0.5F) * step;
        const float y =
            static_cast<float>(row * kBlock_px) + (static_cast<float>(i / kSamples) + 0.5F) * step;
        hits += inside(zone.polygon, x / static_cast<float>(grid.width_px),
                       y / static_cast<float>(grid.height_px));
    }
    return 2 * hits >= kSamples * kSamples;
}

}  // namespace

Status checkZones(std::span<const Zone> zones) {
    if (zones.size() > kMaxZones) {
        return fail(ErrorKind::InvalidArgument,
                    "expected at most 16 zones, got " + std::to_string(zones.size()) +
                        "; the first too many is " + nameOf(zones[kMaxZones], kMaxZones));
    }
    for (std::size_t i = 0; i < zones.size(); ++i) {
        if (auto checked = checkZone(zones[i], nameOf(zones[i], i)); !checked) return checked;
    }
    return {};
}

std::uint8_t thresholdScale_q7(int sensitivity_percent) {
    const int percent = std::clamp(sensitivity_percent, 1, 100);
    const int scale = percent <= 50 ? 256 - 128 * percent / 50 : 128 - 64 * (percent - 50) / 50;
    return static_cast<std::uint8_t>(std::min(scale, 255));
}

ZoneMap::ZoneMap(std::span<const Zone> zones, int sensitivity_percent, const Grid& grid)
    : masks_(grid.blocks()), scales_q7_(grid.blocks(), thresholdScale_q7(sensitivity_percent)) {
    for (std::size_t i = 0; i < zones.size(); ++i) {
        const auto bit = static_cast<std::uint16_t>(1U << i);
        const bool damps = zones[i].kind == ZoneKind::Ignore && zones[i].sensitivity_percent > 0;
        auto& bits = zones[i].kind == ZoneKind::Include ? include_bits_
                     : zones[i].kind == ZoneKind::Line  ? line_bits_
                                                        : ignore_bits_;
        if (!damps) bits = static_cast<std::uint16_t>(bits | bit);
        if (zones[i].kind != ZoneKind::Line) drawZone(zones[i], i, grid);
    }
    setActive(active_);
}

void ZoneMap::drawZone(const Zone& zone, std::size_t index, const Grid& grid) {
    const auto bit = static_cast<std::uint16_t>(1U << index);
    for (int row = 0; row < grid.rows; ++row) {
        for (int column = 0; column < grid.columns; ++column) {
            if (!covers(zone, grid, column, row)) continue;
            const std::size_t block = grid.index(column, row);
            masks_[block] = static_cast<std::uint16_t>(masks_[block] | bit);
            if (zone.sensitivity_percent > 0) scales_q7_[block] = thresholdScale_q7(zone.sensitivity_percent);
            ++blocks_[index];
        }
    }
}

void ZoneMap::setActive(std::uint16_t zones) {
    active_ = zones;
    ignored_blocks_ = 0;
    for (std::size_t i = 0; i < masks_.size(); ++i) ignored_blocks_ += ignored(i) ? 1U : 0U;
}

bool crosses(const Zone& line, const Point& from, const Point& to) {
    const Point& a = line.polygon[0];
    const Point& b = line.polygon[1];
    if (!meet(a, b, from, to)) return false;
    // y grows downwards: a positive turn lies to the right of the way from a to b.
    const bool to_right = turn(a, b, to) > 0 && turn(a, b, from) <= 0;
    const bool to_left = turn(a, b, to) < 0 && turn(a, b, from) >= 0;
    switch (line.crossing) {
        case Crossing::ToLeft:
            return to_left;
        case Crossing::ToRight:
            return to_right;
        case Crossing::Either:
            return to_left || to_right;
    }
    return false;
}

}  // namespace camgate::motion
