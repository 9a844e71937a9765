// Real films with labels of what must alarm. DIR/labels.json: file name -> fps, events and ignored stretches
// in frames, both ends included; everything else is negative.
#include <algorithm>
#include <cstdio>
#include <fstream>
#include <iostream>
#include <nlohmann/json.hpp>
#include <optional>
#include <stdexcept>

#include "bench/motion/motion_films/grey_pipe.hpp"
#include "bench/motion/motion_films/run.hpp"

namespace camgate::bench {
namespace {

constexpr double kEnd_s = 1;     // the last of a track may outlive who has left
constexpr int kLabelFrames = 3;  // labels made by eye are that exact
constexpr double kGap_s = 1;     // bursts closer than this are one

struct Stretch {
    int first = 0, last = 0;
};

struct Label {
    std::string name;
    double fps = 0;
    std::vector<Stretch> events, ignored;
};

struct Clip {
    int frames = 0, negative_frames = 0, negative_active = 0, bursts = 0;
    std::vector<std::optional<int>> found_at;  ///< per event
};

std::vector<Stretch> stretches(const nlohmann::json& pairs) {
    std::vector<Stretch> all;
    for (const auto& pair : pairs) all.push_back({pair.at(0), pair.at(1)});
    return all;
}

std::vector<Label> readLabels(const std::string& folder) {
    std::ifstream file(folder + "/labels.json");
    if (!file)
        throw std::runtime_error(folder + "/labels.json cannot be read: --footage wants a folder with one");
    std::vector<Label> labels;
    const auto document = nlohmann::json::parse(file);
    for (const auto& [name, entry] : document.items()) {
        if (!entry.is_object()) continue;
        labels.push_back(
            {name, entry.at("fps"), stretches(entry.at("events")), stretches(entry.at("ignore"))});
    }
    return labels;
}

bool negative(const Label& label, int frame) {
    const auto tail = static_cast<int>(kEnd_s * label.fps);
    const auto near = [&](const Stretch& s, int after) {
        return frame >= s.first - kLabelFrames && frame <= s.last + after;
    };
    return std::none_of(label.events.begin(), label.events.end(),
                        [&](const Stretch& s) { return near(s, tail); }) &&
           std::none_of(label.ignored.begin(), label.ignored.end(),
                        [&](const Stretch& s) { return near(s, kLabelFrames); });
}

Clip watch(const std::string& folder, const Label& label, const EyeKind& kind) {
    GreyPipe film(folder + "/" + label.name);
    const auto eye = kind.make();
    Clip clip;
    clip.found_at.resize(label.events.size());
    std::optional<int> last_false;
    for (; film.next(); ++clip.frames) {
        const Duration at(static_cast<Duration::rep>(clip.frames * 1e9 / label.fps));
        const bool active = eye->look(film.luma(), film.width(), film.height(), at).active;
        for (std::size_t i = 0; active && i < label.events.size(); ++i) {
            const Stretch& event = label.events[i];
            if (!clip.found_at[i] && clip.frames >= event.first && clip.frames <= event.last)
                clip.found_at[i] = clip.frames;
        }
        if (!negative(label, clip.frames)) continue;
        ++clip.negative_frames;
        if (!active) continue;
        ++clip.negative_active;
        if (!last_false || clip.frames - *last_false > kGap_s * label.fps) ++clip.bursts;
        last_false = clip.frames;
    }
    return clip;
}

void print(const EyeKind& eye, const Label& label, const Clip& clip) {
    std::vector<double> delays_s;
    for (std::size_t i = 0; i < label.events.size(); ++i) {
        if (clip.found_at[i]) delays_s.push_back((*clip.found_at[i] - label.events[i].first) / label.fps);
    }
    const double worst = delays_s.empty() ? 0 : *std::max_element(delays_s.begin(), delays_s.end());
    std::fprintf(stderr, "%-10.*s %-32s %zu of %zu %7.2f s %6d %6d of %d frames\n",
                 static_cast<int>(eye.name.size()), eye.name.data(), label.name.c_str(), delays_s.size(),
                 label.events.size(), worst, clip.bursts, clip.negative_active, clip.negative_frames);
    std::cout << nlohmann::ordered_json{{"bench", "motion"},
                                        {"section", "footage"},
                                        {"detector", eye.name},
                                        {"film", label.name},
                                        {"frames", clip.frames},
                                        {"events", label.events.size()},
                                        {"found", delays_s.size()},
                                        {"delays_s", delays_s},
                                        {"bursts", clip.bursts},
                                        {"negative_frames", clip.negative_frames},
                                        {"negative_active_frames", clip.negative_active}}
              << '\n';
}

}  // namespace

void benchFootage(const Run& run, const EyeKind& eye) {
    const std::vector<Label> labels = readLabels(run.footage);
    std::vector<Clip> clips(labels.size());
    onAllThreads(run, labels.size(), [&](std::size_t i) { clips[i] = watch(run.footage, labels[i], eye); });
    std::fprintf(stderr, "\n%-10s %-32s %6s %9s %6s %s\n", "detector", "film", "found", "delay max", "bursts",
                 "active in negative time");
    for (std::size_t i = 0; i < labels.size(); ++i) print(eye, labels[i], clips[i]);
}

}  // namespace camgate::bench
