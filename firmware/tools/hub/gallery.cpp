#include "tools/hub/gallery.hpp"

#include <algorithm>
#include <iostream>
#include <map>
#include <nlohmann/json.hpp>
#include <sstream>

#include "tools/hub/fields.hpp"
#include "tools/hub/topics.hpp"

namespace camgate::hub {

using nlohmann::json;

namespace {

constexpr std::size_t kMaxEvents_bytes = 256U << 20U;
constexpr std::size_t kMaxVerdict_bytes = 16U << 20U;

using Events = std::map<std::string, GalleryEvent>;  // by event id

void mergeRow(Events& events, const json& row) {
    const std::string id = textField(row, "event");
    if (!isHexId(id)) return;
    GalleryEvent& event = events[id];
    event.gateway = textField(row, "gateway");
    event.camera = textField(row, "camera");
    event.kind = textField(row, "kind");
    event.start = textField(row, "start");
    if (textField(row, "phase") == "end") event.end = textField(row, "end");
    const std::string still = textField(objectField(row, "still"), "file");
    if (!still.empty()) event.still = still;
    if (const auto zones = row.find("zones"); zones != row.end() && zones->is_array()) {
        event.zones.clear();
        for (const json& zone : *zones) {
            if (zone.is_string()) event.zones.push_back(zone.get<std::string>());
        }
    }
    if (const auto sure = row.find("confidence"); sure != row.end() && sure->is_number()) {
        event.detail = "confidence " + std::to_string(static_cast<int>(sure->get<double>() * 100)) + " %";
    }
}

GalleryEvent requested(const json& verdict) {
    const json& manifest = objectField(verdict, "manifest");
    const json& covered = objectField(manifest, "covered");
    GalleryEvent entry;
    entry.gateway = textField(verdict, "gateway");
    entry.camera = textField(manifest, "camera");
    entry.kind = "asked for";
    entry.start = textField(covered, "from");
    entry.end = textField(covered, "to");
    entry.detail = textField(manifest, "reason");
    return entry;
}

void addClips(Events& events, const std::string& clip, const json& verdict) {
    const std::string event = textField(verdict, "event");
    const auto found = events.find(event);
    GalleryEvent& entry = found != events.end() ? found->second : events["clip " + clip] = requested(verdict);
    const auto files = verdict.find("files");
    if (files == verdict.end() || !files->is_array()) return;
    for (const json& file : *files) {
        GalleryClip out;
        out.file = "clips/" + textField(file, "name");
        out.codec = textField(file, "codec");
        out.quality = textField(objectField(verdict, "manifest"), "quality");
        out.signature = textField(objectField(verdict, "signature"), "state");
        out.verified = boolField(verdict, "verified").value_or(false);
        if (const auto length = file.find("duration_s"); length != file.end() && length->is_number()) {
            out.duration_s = length->get<double>();
        }
        entry.clips.push_back(std::move(out));
    }
}

}  // namespace

Result<std::vector<GalleryEvent>> readGallery(FileSystem& files, const std::string& directory) {
    const auto text = readTextFile(files, directory + "/events.jsonl", kMaxEvents_bytes);
    if (!text) return passOn(text.error(), "this is no folder that `listen --out` filled");
    Events events;
    std::istringstream lines(*text);
    for (std::string line; std::getline(lines, line);) mergeRow(events, json::parse(line, nullptr, false));
    const auto names = files.list(directory + "/clips");
    for (const std::string& name : names ? *names : std::vector<std::string>()) {
        const std::string clip = name.substr(0, name.find('.'));
        if (!name.ends_with(".json") || !isHexId(clip)) continue;
        const auto verdict = readTextFile(files, directory + "/clips/" + name, kMaxVerdict_bytes);
        if (verdict) addClips(events, clip, json::parse(*verdict, nullptr, false));
    }
    std::vector<GalleryEvent> newest_first;
    for (auto& [id, event] : events) newest_first.push_back(std::move(event));
    std::ranges::stable_sort(newest_first, [](const auto& a, const auto& b) { return a.start > b.start; });
    return newest_first;
}

int writeGallery(const std::string& directory) {
    RealFileSystem files;
    const auto events = readGallery(files, directory);
    if (!events) return std::cerr << "camgate-hub: " << events.error().describe() << '\n', 1;
    const std::string path = directory + "/index.html";
    if (auto put = replaceFile(files, path, galleryPage(*events)); !put) {
        return std::cerr << "camgate-hub: " << put.error().describe() << '\n', 1;
    }
    std::cout << path << "  " << events->size() << " entries\n";
    return 0;
}

}  // namespace camgate::hub
