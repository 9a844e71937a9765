#include "tools/replay/report.hpp"

#include <cmath>
#include <cstdio>
#include <nlohmann/json.hpp>

namespace camgate::replay {
namespace {

using Line = nlohmann::ordered_json;

/// Digits that mean something; a float's tail does not.
double rounded(double value, double digits) {
    return std::round(value * digits) / digits;
}

Line rejections(const Summary& summary) {
    Line out = Line::object();
    for (std::size_t i = 0; i < summary.rejected.size(); ++i) {
        if (summary.rejected[i] > 0)
            out[std::string(motion::toString(static_cast<motion::Rejection>(i)))] = summary.rejected[i];
    }
    return out;
}

std::string clockText(double seconds) {
    const auto tenths = std::llround(seconds * 10);
    char text[32];
    std::snprintf(text, sizeof text, "%lld:%02lld:%02lld.%lld", tenths / 36000, tenths / 600 % 60,
                  tenths / 10 % 60, tenths % 10);
    return text;
}

std::string joined(const std::vector<std::string>& words) {
    std::string out;
    for (const auto& word : words) out += (out.empty() ? "" : ", ") + word;
    return out;
}

template <class... Values>
std::string text(const char* form, Values... values) {
    char out[256];
    std::snprintf(out, sizeof out, form, values...);
    return out;
}

}  // namespace

std::string eventLine(const EventSeen& event) {
    const motion::Box& box = event.event.best_box;
    Line line;
    line["type"] = "event";
    line["first_frame"] = event.first_frame;
    line["last_frame"] = event.last_frame;
    line["start_s"] = rounded(event.start_s, 1e3);
    line["end_s"] = rounded(event.end_s, 1e3);
    line["box"] = {rounded(box.x, 1e4), rounded(box.y, 1e4), rounded(box.w, 1e4), rounded(box.h, 1e4)};
    line["zones"] = event.zones;
    line["confidence"] = rounded(event.event.best_confidence, 1e3);
    return line.dump(-1, ' ', false, Line::error_handler_t::replace);
}

std::string stateLine(std::int64_t frame, std::string_view state) {
    Line line;
    line["type"] = "state";
    line["frame"] = frame;
    line["state"] = state;
    return line.dump();
}

std::string summaryLine(const Summary& summary) {
    Line line;
    line["type"] = "summary";
    line["frames"] = summary.frames;
    line["fps"] = rounded(summary.fps, 1e3);
    line["cpu_s"] = rounded(summary.cpu_s, 1e4);
    line["ns_per_px"] = rounded(summary.ns_per_px, 1e4);
    line["decode_cpu_s"] = rounded(summary.decode_cpu_s, 1e4);
    line["rejected"] = rejections(summary);
    return line.dump();
}

std::string eventText(const EventSeen& event) {
    const motion::Box& box = event.event.best_box;
    std::string out = clockText(event.start_s) + " to " + clockText(event.end_s);
    out += text("  frames %lld to %lld", static_cast<long long>(event.first_frame),
                static_cast<long long>(event.last_frame));
    out += text("  at %.2f,%.2f, %.0f%% of the height, sure to %.0f%%", static_cast<double>(box.x),
                static_cast<double>(box.y), 100.0 * static_cast<double>(box.h),
                100.0 * static_cast<double>(event.event.best_confidence));
    if (!event.zones.empty()) out += "  in " + joined(event.zones);
    return out;
}

std::string summaryText(const Summary& summary) {
    std::string out = text("%lld events in %lld frames at %.1f/s (%lld looked at)\n",
                           static_cast<long long>(summary.events), static_cast<long long>(summary.frames),
                           summary.fps, static_cast<long long>(summary.analysed));
    out += text("CPU %.2f s, of it %.2f s decoding; detector %.2f ns a pixel", summary.cpu_s,
                summary.decode_cpu_s, summary.ns_per_px);
    const Line rejected = rejections(summary);
    std::string reasons;
    for (const auto& [reason, count] : rejected.items())
        reasons += (reasons.empty() ? "\nnot motion: " : ", ") + reason + " " + count.dump();
    return out + reasons;
}

}  // namespace camgate::replay
