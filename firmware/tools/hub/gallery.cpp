#include "tools/hub/gallery.hpp"

#include <algorithm>
#include <iostream>
#include <map>
#include <nlohmann/json.hpp>

#include "base/file_system.hpp"
#include "tools/hub/commands.hpp"
#include "tools/hub/database.hpp"
#include "tools/hub/fields.hpp"
#include "tools/hub/topics.hpp"

namespace camgate::hub {

using nlohmann::json;

namespace {

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

Result<std::vector<GalleryEvent>> readGallery(HubDatabase& database) {
    const auto rows = database.documents(RowKind::Event);
    if (!rows) return std::unexpected(rows.error());
    Events events;
    for (const auto& row : *rows) mergeRow(events, json::parse(row, nullptr, false));
    const auto clips = database.clips();
    if (!clips) return std::unexpected(clips.error());
    for (const auto& clip : *clips) addClips(events, clip.clip, json::parse(clip.verdict, nullptr, false));
    std::vector<GalleryEvent> newest_first;
    for (auto& [id, event] : events) newest_first.push_back(std::move(event));
    std::ranges::stable_sort(newest_first, [](const auto& a, const auto& b) { return a.start > b.start; });
    return newest_first;
}

int writeGallery(const std::string& directory) {
    RealFileSystem files;
    const std::string from = directory + "/hub.db";
    if (!files.exists(from))
        return complain(Error{ErrorKind::NotFound, 0, directory + " is no folder that `serve --out` filled"});
    const auto database = HubDatabase::open(from);
    if (!database) return complain(database.error());
    const auto events = readGallery(**database);
    if (!events) return complain(events.error());
    const std::string path = directory + "/index.html";
    if (auto put = replaceFile(files, path, galleryPage(*events)); !put) return complain(put.error());
    std::cout << path << "  " << events->size() << " entries\n";
    return 0;
}

}  // namespace camgate::hub
