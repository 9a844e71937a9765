#include "app/open_metrics.hpp"

#include <array>
#include <cstdio>
#include <string_view>
#include <utility>

namespace camgate::app {
namespace {

using Label = std::pair<std::string_view, std::string>;
using uplink::CameraFigures;

std::string number(double value) {
    std::array<char, 40> text{};
    const int length = std::snprintf(text.data(), text.size(), "%.15g", value);
    return {text.data(), static_cast<std::size_t>(length)};
}

std::string number(std::uint64_t value) {
    return std::to_string(value);
}

std::string escaped(std::string_view text) {
    std::string out;
    for (const char c : text) {
        if (c == '\n') {
            out += "\\n";
            continue;
        }
        if (c == '"' || c == '\\') out += '\\';
        out += c;
    }
    return out;
}

constexpr std::uint64_t kYes = 1;

enum class Kind { Gauge, Counter, Info };

struct Family {
    std::string_view name;
    Kind kind;
    std::string_view help;
};

class Text {
  public:
    /// A family without a sample is left out.
    void begin(const Family& family) {
        family_ = family;
        begun_ = false;
    }
    template <class Value>
    void sample(Value value, const std::vector<Label>& labels = {}) {
        constexpr std::array<std::string_view, 3> kTypes{"gauge", "counter", "info"};
        constexpr std::array<std::string_view, 3> kSuffixes{"", "_total", "_info"};
        const auto kind = static_cast<std::size_t>(family_.kind);
        const std::string name = "camgate_" + std::string(family_.name);
        if (!std::exchange(begun_, true)) {
            out_ += "# TYPE " + name + " " + std::string(kTypes.at(kind)) + "\n# HELP " + name + " " +
                    std::string(family_.help) + "\n";
        }
        out_ += name + std::string(kSuffixes.at(kind)) + labelText(labels) + " " + number(value) + "\n";
    }
    template <class Value>
    void known(const std::optional<Value>& value, const std::vector<Label>& labels = {}) {
        if (value) sample(*value, labels);
    }
    std::string finish() { return out_ + "# EOF\n"; }

  private:
    static std::string labelText(const std::vector<Label>& labels) {
        std::string text;
        for (const auto& [name, value] : labels)
            text += (text.empty() ? "{" : ",") + std::string(name) + "=\"" + escaped(value) + "\"";
        return text.empty() ? "" : text + "}";
    }

    std::string out_;
    Family family_{};
    bool begun_ = false;
};

struct CameraCounter {
    Family family;
    std::optional<std::uint64_t> CameraFigures::*member;
};

constexpr std::array kCameraCounters{
    CameraCounter{{"camera_bytes", Kind::Counter, "Bytes received."}, &CameraFigures::bytes},
    CameraCounter{{"camera_frames", Kind::Counter, "Frames of the main stream."}, &CameraFigures::frames},
    CameraCounter{{"camera_keyframes", Kind::Counter, "Keyframes of the main stream."},
                  &CameraFigures::keyframes},
    CameraCounter{{"camera_stored_records", Kind::Counter, "Records that are durable on the card."},
                  &CameraFigures::stored_records},
    CameraCounter{{"camera_mended_times", Kind::Counter, "Times that had to be mended."},
                  &CameraFigures::mended_times},
    CameraCounter{{"camera_bad_units", Kind::Counter, "Access units that made no sense."},
                  &CameraFigures::bad_units},
    CameraCounter{{"camera_dropped_units", Kind::Counter, "Access units that found no room."},
                  &CameraFigures::dropped_units},
};

void cameras(const Metrics& metrics, Text& text) {
    text.begin({"camera_state", Kind::Info, "What the camera does."});
    for (const auto& camera : metrics.cameras)
        text.sample(kYes, {{"camera", camera.id}, {"state", camera.state}});
    for (const CameraCounter& counter : kCameraCounters) {
        text.begin(counter.family);
        for (const CameraFigures& camera : metrics.figures.cameras)
            text.known(camera.*counter.member, {{"camera", camera.id}});
    }
}

double inSeconds(Duration time) {
    return std::chrono::duration<double>(time).count();
}

void storage(const Metrics& metrics, Text& text) {
    const auto& figures = metrics.figures.storage;
    text.begin({"storage_state", Kind::Info, "What the card does."});
    text.sample(kYes, {{"state", metrics.storage.state}});
    text.begin({"storage_ring_bytes", Kind::Gauge, "Size of the footage ring."});
    text.known(figures.ring_bytes);
    text.begin({"storage_written_bytes", Kind::Counter, "Bytes written since the ring was opened."});
    text.known(figures.written_bytes);
    text.begin({"storage_syncs", Kind::Counter, "Syncs since the ring was opened."});
    text.known(figures.syncs);
    text.begin({"storage_slow_writes", Kind::Counter, "Rounds that took over 2 s."});
    text.known(figures.slow_writes);
    text.begin({"storage_stall_cover_seconds", Kind::Gauge,
                "How long the card may take nothing before footage is lost."});
    if (figures.stall_cover) text.sample(inSeconds(*figures.stall_cover));
    text.begin({"storage_oldest_timestamp_seconds", Kind::Gauge, "When the oldest footage was recorded."});
    if (figures.oldest)
        text.sample(std::chrono::duration<double>(figures.oldest->time_since_epoch()).count());
}

void link(const Metrics& metrics, Text& text) {
    text.begin({"link_up", Kind::Gauge, "1: the hub link is up."});
    text.sample(std::uint64_t{metrics.link_up});
    text.begin({"link_round_trip_seconds", Kind::Gauge, "To the broker and back."});
    if (metrics.round_trip) text.sample(inSeconds(*metrics.round_trip));
    text.begin({"link_starts", Kind::Counter, "Connections that were begun."});
    text.sample(metrics.link_starts);
    const auto& outbox = metrics.uplink.outbox;
    text.begin({"outbox_rows", Kind::Gauge, "Messages that wait for the hub's receipt."});
    text.sample(outbox.rows);
    text.begin({"outbox_bytes", Kind::Gauge, "Their bytes."});
    text.sample(outbox.bytes);
    text.begin({"outbox_dropped", Kind::Counter, "Messages that were dropped for want of room."});
    text.sample(outbox.dropped);
    text.begin({"clips", Kind::Counter, "Clips by what became of them."});
    text.sample(metrics.uplink.clips_verified, {{"result", "verified"}});
    text.sample(metrics.uplink.clips_failed, {{"result", "failed"}});
    text.begin({"clip_bytes_sent", Kind::Counter, "Bytes of clips that were sent."});
    text.sample(metrics.uplink.chunk_bytes_sent);
    text.begin({"clip_bytes_in_flight_max", Kind::Gauge, "Most of them under way at once."});
    text.sample(metrics.uplink.most_chunk_bytes_in_flight);
    text.begin({"refused", Kind::Counter, "Messages of the hub that were not obeyed, by reason."});
    for (const auto& [reason, count] : metrics.uplink.refused) text.sample(count, {{"reason", reason}});
}

void processes(const Metrics& metrics, Text& text) {
    text.begin({"process_cpu_seconds", Kind::Counter, "Processor time."});
    for (const auto& process : metrics.figures.processes)
        text.known(process.cpu_s, {{"process", process.name}});
    text.begin({"process_resident_bytes", Kind::Gauge, "Memory."});
    for (const auto& process : metrics.figures.processes) {
        if (process.rss_kb) text.sample(*process.rss_kb * 1024, {{"process", process.name}});
    }
}

}  // namespace

std::string openMetrics(const Metrics& metrics) {
    Text text;
    text.begin({"gateway", Kind::Info, "Which gateway this is."});
    text.sample(kYes, {{"gateway", metrics.gateway}, {"firmware", metrics.firmware}});
    text.begin({"configuration_revision", Kind::Gauge, "The revision in force."});
    text.sample(metrics.configuration_revision);
    text.begin({"uptime_seconds", Kind::Gauge, "Since the daemon's start."});
    text.known(metrics.figures.uptime_s);
    cameras(metrics, text);
    storage(metrics, text);
    link(metrics, text);
    processes(metrics, text);
    return text.finish();
}

}  // namespace camgate::app
