#include <cstdio>

#include "base/markup.hpp"
#include "tools/hub/gallery.hpp"

namespace camgate::hub {
namespace {

constexpr std::string_view kHead = R"html(<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; img-src 'self' file:; media-src 'self' file:; style-src 'unsafe-inline'">
<title>camgate: events</title>
<style>
:root { color-scheme: light dark; --page: #f4f5f7; --card: #fff; --ink: #1c2330; --soft: #667085; --line: #dfe3ea; --good: #157347; --bad: #b42318; --media: #10151d; }
@media (prefers-color-scheme: dark) { :root { --page: #11151b; --card: #1a2029; --ink: #e8ecf2; --soft: #98a2b3; --line: #2b3440; --good: #4cc38a; --bad: #ff8f82; } }
* { box-sizing: border-box; }
body { margin: 0; background: var(--page); color: var(--ink); font: 15px/1.45 system-ui, sans-serif; }
header { padding: 1.5rem clamp(1rem, 4vw, 3rem) .5rem; }
h1 { margin: 0; font-size: 1.3rem; }
p { margin: .15rem 0; }
.soft { color: var(--soft); }
main { display: grid; gap: 1rem; padding: 1rem clamp(1rem, 4vw, 3rem) 3rem; grid-template-columns: repeat(auto-fill, minmax(min(100%, 21rem), 1fr)); }
article { background: var(--card); border: 1px solid var(--line); border-radius: 10px; overflow: hidden; display: flex; flex-direction: column; }
video, .still { width: 100%; aspect-ratio: 16 / 9; object-fit: contain; background: var(--media); display: block; }
.none { width: 100%; aspect-ratio: 16 / 9; background: var(--media); color: #98a2b3; display: grid; place-items: center; }
.text { padding: .75rem 1rem 1rem; }
h2 { margin: 0; font-size: 1rem; }
ul { list-style: none; margin: .5rem 0 0; padding: 0; }
li { padding: .25rem 0; border-top: 1px solid var(--line); }
.good { color: var(--good); }
.bad { color: var(--bad); }
a { color: inherit; }
</style>
)html";

std::string tag(std::string_view name, std::string_view classes, std::string_view text) {
    return "<" + std::string(name) + " class=\"" + std::string(classes) + "\">" + escapeMarkup(text) + "</" +
           std::string(name) + ">\n";
}

const GalleryClip* playable(const GalleryEvent& event) {
    for (const GalleryClip& clip : event.clips) {
        if (clip.codec == "h264") return &clip;
    }
    return nullptr;
}

std::string picture(const GalleryEvent& event) {
    const std::string still = escapeMarkup(event.still);
    if (const GalleryClip* clip = playable(event)) {
        return "<video controls preload=\"metadata\" src=\"" + escapeMarkup(clip->file) + "\"" +
               (still.empty() ? "" : " poster=\"" + still + "\"") + "></video>\n";
    }
    if (!still.empty()) return "<img class=\"still\" loading=\"lazy\" alt=\"\" src=\"" + still + "\">\n";
    return "<div class=\"none\">no picture</div>\n";
}

std::string clipLine(const GalleryClip& clip) {
    char length[32];
    std::snprintf(length, sizeof length, "%.1f s", clip.duration_s);
    const std::string state = clip.verified ? "verified" : "not verified";
    return "<li><a href=\"" + escapeMarkup(clip.file) + "\">" + escapeMarkup(clip.quality) + " " +
           escapeMarkup(clip.codec) + "</a> " + length + ", <span class=\"" +
           (clip.verified ? "good" : "bad") + "\">" + state + "</span>" +
           escapeMarkup(clip.signature == "none" ? ", unsigned" : ", signature " + clip.signature) +
           "</li>\n";
}

/// "2026-03-01 22:15:00" out of "2026-03-01T22:15:00.123Z"; anything else as it is.
std::string readableTime(const std::string& time) {
    if (time.size() < 20 || time[10] != 'T') return time;
    return time.substr(0, 10) + " " + time.substr(11, 8);
}

std::string period(const GalleryEvent& event) {
    const std::string start = readableTime(event.start), end = readableTime(event.end);
    if (end.empty()) return start + " (not ended)";
    const bool same_day = start.size() == end.size() && start.compare(0, 11, end, 0, 11) == 0;
    return start + " to " + (same_day ? end.substr(11) : end);
}

std::string article(const GalleryEvent& event) {
    std::string out = "<article>\n" + picture(event) + "<div class=\"text\">\n";
    out += "<h2>" + escapeMarkup(event.camera) + " <span class=\"soft\">" + escapeMarkup(event.gateway) +
           "</span></h2>\n";
    out += tag("p", "", period(event));
    std::string zones;
    for (const std::string& zone : event.zones) zones += (zones.empty() ? ", zones: " : ", ") + zone;
    out += tag("p", "soft", event.kind + zones + (event.detail.empty() ? "" : ", " + event.detail));
    if (!event.clips.empty()) {
        out += "<ul>\n";
        for (const GalleryClip& clip : event.clips) out += clipLine(clip);
        out += "</ul>\n";
    }
    return out + "</div>\n</article>\n";
}

}  // namespace

std::string galleryPage(const std::vector<GalleryEvent>& events) {
    std::size_t clips = 0;
    for (const GalleryEvent& event : events) clips += event.clips.size();
    std::string page(kHead);
    page += "<header><h1>camgate</h1><p class=\"soft\">" + std::to_string(events.size()) + " entries, " +
            std::to_string(clips) +
            " clip files, newest first. Times are UTC. What a browser cannot play (H.265) opens from its "
            "link.</p></header>\n<main>\n";
    for (const GalleryEvent& event : events) page += article(event);
    return page + "</main>\n</html>\n";
}

}  // namespace camgate::hub
