#include "motion/zones.hpp"

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

Status checkZone(const Zone& zone, const std::string& name) {
    const std::size_t corners = zone.polygon.size();
    if (corners < 3 || corners > kMaxCorners) {
        return fail(ErrorKind::InvalidArgument,
                    name + ": expected 3 to 64 corners, has " + std::to_string(corners));
    }
    for (std::size_t i = 0; i < corners; ++i) {
        const Point& p = zone.polygon[i];
        // Written so that NaN is refused too.
        if (!(p.x >= 0 && p.x <= 1 && p.y >= 0 && p.y <= 1)) {
            return fail(ErrorKind::InvalidArgument, name + ": corner " + std::to_string(i + 1) +
                                                        " is outside the picture, expected 0 to 1");
        }
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

ZoneMap::ZoneMap(std::span<const Zone> zones, const Grid& grid)
    : masks_(grid.blocks()), blocks_(zones.size()) {
    for (std::size_t i = 0; i < zones.size(); ++i) {
        const auto bit = static_cast<std::uint16_t>(1U << i);
        auto& kind_bits = zones[i].kind == ZoneKind::Include ? include_bits_ : ignore_bits_;
        kind_bits = static_cast<std::uint16_t>(kind_bits | bit);
        for (int row = 0; row < grid.rows; ++row) {
            for (int column = 0; column < grid.columns; ++column) {
                if (!covers(zones[i], grid, column, row)) continue;
                auto& mask = masks_[grid.index(column, row)];
                mask = static_cast<std::uint16_t>(mask | bit);
                ++blocks_[i];
            }
        }
    }
    for (std::size_t i = 0; i < masks_.size(); ++i) ignored_blocks_ += ignored(i) ? 1U : 0U;
}

}  // namespace camgate::motion
