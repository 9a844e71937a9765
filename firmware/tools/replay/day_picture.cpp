#include "tools/replay/day_picture.hpp"

#include <algorithm>
#include <cmath>
#include <cstdio>

#include "tools/replay/text.hpp"

namespace camgate::replay {
namespace {

using camera::Area;
using camera::Colour;
using camera::Surface;

constexpr int kHalfWidth_px = 640;
constexpr int kWidth_px = 2 * kHalfWidth_px;
constexpr int kMargin_px = 12;
constexpr int kNames_px = 130;
constexpr int kRow_px = 16;
constexpr int kColumns = kWidth_px - kNames_px - 2 * kMargin_px;

constexpr Colour kGround{24, 26, 30};
constexpr Colour kTrack{40, 43, 49};
constexpr Colour kWords{220, 222, 226};
constexpr Colour kEvent{255, 196, 0};
constexpr Colour kMotion{80, 200, 120};
constexpr Colour kSettling{120, 150, 255};
constexpr Colour kRejected{200, 90, 90};
constexpr Colour kInclude{80, 200, 120};
constexpr Colour kIgnore{230, 80, 80};

std::string markText(double seconds, double step_s) {
    const auto whole = std::llround(seconds);
    char text[32];
    if (step_s < 60) {
        std::snprintf(text, sizeof text, "%lld:%02lld", whole / 60, whole % 60);
    } else {
        std::snprintf(text, sizeof text, "%lld:%02lld", whole / 3600, whole / 60 % 60);
    }
    return text;
}

/// A round distance of marks, so that about ten fit.
double stepFor(double length_s) {
    constexpr std::array kSteps{1.0,   2.0,   5.0,   10.0,   20.0,   30.0,  60.0,
                                120.0, 300.0, 600.0, 1800.0, 3600.0, 7200.0};
    const auto* step = std::ranges::find_if(kSteps, [length_s](double s) { return length_s / s <= 12; });
    return step == kSteps.end() ? 14'400 : *step;
}

}  // namespace

void DayPicture::onLooked(const Looked& looked) {
    Moment moment;
    moment.at_s = static_cast<float>(looked.at_s);
    moment.active = looked.result.active;
    moment.settling = looked.result.state == motion::GlobalState::Settling;
    for (std::size_t i = 0; i < kReasons; ++i) {
        if (looked.result.rejected[i] > 0)
            moment.reasons = static_cast<std::uint16_t>(moment.reasons | 1U << i);
    }
    moments_.push_back(moment);
    float score = 0;
    for (const motion::Blob& blob : looked.result.blobs) {
        if (!blob.confirmed) continue;
        warm(blob.box);
        score = std::max(score, blob.confidence * blob.box.w * blob.box.h);
    }
    if (score <= best_score_) return;
    best_score_ = score;
    scene_.reset(gst_sample_ref(&looked.picture));
}

void DayPicture::warm(const motion::Box& box) {
    const auto cell = [](float part, int count) {
        return std::clamp(static_cast<int>(part * static_cast<float>(count)), 0, count - 1);
    };
    for (int row = cell(box.y, kHeatRows); row <= cell(box.y + box.h, kHeatRows); ++row) {
        for (int column = cell(box.x, kHeatColumns); column <= cell(box.x + box.w, kHeatColumns); ++column)
            ++heat_[static_cast<std::size_t>(row * kHeatColumns + column)];
    }
}

Status DayPicture::write(const std::string& path) const {
    if (!scene_) return fail(ErrorKind::InvalidArgument, "no picture to draw " + path + " of");
    auto scene = imageOf(*scene_, kHalfWidth_px);
    if (!scene) return passOn(scene.error(), "drawing " + path);
    const int rows = 3 + static_cast<int>(kReasons);
    Image image(kWidth_px, scene->height_px + 3 * kMargin_px + (rows + 1) * kRow_px);
    Surface all = image.surface();
    all.fill({0, 0, kWidth_px, image.height_px}, kGround);
    for (int half = 0; half < 2; ++half) {
        Image copy = *scene;
        if (half == 0) drawScene(copy.surface());
        if (half == 1) drawHeat(copy.surface());
        for (int y = 0; y < copy.height_px; ++y) {
            std::copy_n(copy.pixels.data() + static_cast<std::size_t>(y) * copy.stride(), copy.stride(),
                        image.pixels.data() + static_cast<std::size_t>(y) * image.stride() +
                            static_cast<std::size_t>(half) * copy.stride());
        }
    }
    drawTimeLine(all, scene->height_px + kMargin_px);
    return writePng(image, path);
}

void DayPicture::drawScene(Surface surface) const {
    for (const auto& zone : zones_) {
        const Colour colour = zone.kind == config::ZoneKind::Ignore ? kIgnore : kInclude;
        const auto at = [&](std::size_t i, std::size_t axis) {
            const int size = axis == 0 ? surface.width() : surface.height();
            return static_cast<int>(zone.polygon[i % zone.polygon.size()][axis] * size);
        };
        for (std::size_t i = 0; i < zone.polygon.size(); ++i)
            surface.line(at(i, 0), at(i, 1), at(i + 1, 0), at(i + 1, 1), colour);
        drawText(surface, at(0, 0) + 4, at(0, 1) + 4, zone.name, colour, 2);
    }
    for (const EventSeen& event : events_) surface.markBox(event.event.best_box, kEvent);
}

void DayPicture::drawHeat(Surface surface) const {
    surface.fill({0, 0, surface.width(), surface.height()}, kGround, 150);
    const std::uint32_t most = *std::ranges::max_element(heat_);
    for (int row = 0; row < kHeatRows && most > 0; ++row) {
        for (int column = 0; column < kHeatColumns; ++column) {
            const auto count = heat_[static_cast<std::size_t>(row * kHeatColumns + column)];
            if (count == 0) continue;
            // Square root: a place where somebody passed once shows beside one where somebody stood.
            const int part = static_cast<int>(255 * std::sqrt(static_cast<double>(count) / most));
            const Area cell =
                surface.areaOf({static_cast<float>(column) / kHeatColumns,
                                static_cast<float>(row) / kHeatRows, 1.0F / kHeatColumns, 1.0F / kHeatRows});
            surface.fill(cell, {255, static_cast<std::uint8_t>(220 - part * 220 / 255), 0}, 60 + part / 2);
        }
    }
}

void DayPicture::drawTimeLine(Surface& surface, int top) const {
    drawRow(surface, top, "events", kEvent, columnsOfEvents());
    drawRow(surface, top + kRow_px, "motion", kMotion,
            columnsWhere([](const Moment& m, std::size_t) { return m.active; }));
    drawRow(surface, top + 2 * kRow_px, "settling", kSettling,
            columnsWhere([](const Moment& m, std::size_t) { return m.settling; }));
    for (std::size_t i = 0; i < kReasons; ++i) {
        const auto rejected = [](const Moment& m, std::size_t which) {
            return (m.reasons >> which & 1U) != 0;
        };
        drawRow(surface, top + (3 + static_cast<int>(i)) * kRow_px,
                motion::toString(static_cast<motion::Rejection>(i)), kRejected, columnsWhere(rejected, i));
    }
    drawAxis(surface, top + (3 + static_cast<int>(kReasons)) * kRow_px);
}

void DayPicture::drawRow(Surface& surface, int top, std::string_view name, Colour colour,
                         const std::vector<bool>& columns) const {
    const int left = kMargin_px + kNames_px;
    drawText(surface, kMargin_px, top + (kRow_px - kLetterHeight_px) / 2, name, kWords);
    surface.fill({left, top + 2, kColumns, kRow_px - 4}, kTrack);
    for (int i = 0; i < kColumns; ++i) {
        if (columns[static_cast<std::size_t>(i)]) surface.fill({left + i, top + 2, 1, kRow_px - 4}, colour);
    }
}

void DayPicture::drawAxis(Surface& surface, int top) const {
    const double step_s = stepFor(length_s());
    for (double at_s = 0; at_s <= length_s(); at_s += step_s) {
        const int x = kMargin_px + kNames_px + static_cast<int>(columnOf(at_s));
        surface.fill({x, top, 1, 4}, kWords);
        drawText(surface, std::min(x, kWidth_px - kMargin_px - 30), top + 6, markText(at_s, step_s), kWords);
    }
}

std::size_t DayPicture::columnOf(double at_s) const {
    const double part = length_s() > 0 ? at_s / length_s() : 0;
    return static_cast<std::size_t>(std::clamp(part * (kColumns - 1), 0.0, kColumns - 1.0));
}

std::vector<bool> DayPicture::columnsWhere(bool (*holds)(const Moment&, std::size_t),
                                           std::size_t which) const {
    std::vector<bool> columns(kColumns);
    for (std::size_t i = 0; i < moments_.size(); ++i) {
        if (!holds(moments_[i], which)) continue;
        // Up to the next moment: a short film has fewer moments than columns.
        const double until_s =
            i + 1 < moments_.size() ? static_cast<double>(moments_[i + 1].at_s) : length_s();
        const std::size_t from = columnOf(static_cast<double>(moments_[i].at_s));
        const std::size_t to = std::max(columnOf(until_s), from + 1);
        for (std::size_t column = from; column < std::min(to, columns.size()); ++column)
            columns[column] = true;
    }
    return columns;
}

std::vector<bool> DayPicture::columnsOfEvents() const {
    std::vector<bool> columns(kColumns);
    for (const EventSeen& event : events_) {
        for (std::size_t column = columnOf(event.start_s); column <= columnOf(event.end_s); ++column)
            columns[column] = true;
    }
    return columns;
}

}  // namespace camgate::replay
