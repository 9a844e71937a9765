// `camgate-hub gallery DIR`: what `serve` gathered as one page, DIR/index.html, that opens from disk and
// loads nothing from elsewhere. One thread.
#pragma once

#include <string>
#include <vector>

#include "base/result.hpp"

namespace camgate::hub {

class HubDatabase;

struct GalleryClip {
    std::string file;  ///< relative to the page
    std::string codec;
    std::string quality;
    std::string signature;
    double duration_s = 0;
    bool verified = false;
};

struct GalleryEvent {
    std::string gateway, camera, kind, start, end;  ///< `end` empty: still going on
    std::vector<std::string> zones;
    std::string still;   ///< relative to the page; empty: none
    std::string detail;  ///< case number or confidence
    std::vector<GalleryClip> clips;
};

/// Newest first; clips that somebody asked for stand as entries of their own.
[[nodiscard]] Result<std::vector<GalleryEvent>> readGallery(HubDatabase& database);

/// Pure. Every text from outside is escaped.
std::string galleryPage(const std::vector<GalleryEvent>& events);

/// An exit status.
int writeGallery(const std::string& directory);

}  // namespace camgate::hub
