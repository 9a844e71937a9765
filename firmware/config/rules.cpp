#include "config/rules.hpp"

#include <algorithm>
#include <set>

#include "base/time_zone.hpp"
#include "config/nearest.hpp"
#include "config/week_hours.hpp"

namespace camgate::config {
namespace {

/// The pool must hold what comes in while a healthy card takes its longest usual pause.
constexpr std::int64_t kLeastStallCover_s = 10;

/// What the classes preview and long may have together, so that normal has something left.
constexpr std::int64_t kMostShares_percent = 90;
/// In front of the first extent.
constexpr std::int64_t kFront_mib = 4;
/// Per retention class: one is written, one is ready, one holds footage.
constexpr std::int64_t kLeastClassExtents = 3;

constexpr std::array<std::string_view, 5> kSchemes{"rtsp://", "rtsps://", "v4l2:", "file:", "test:"};

bool hasKnownScheme(std::string_view url) {
    return std::any_of(kSchemes.begin(), kSchemes.end(),
                       [url](std::string_view scheme) { return url.starts_with(scheme); });
}

/// "rtsp://user:secret@host/": a password that would end up in logs.
bool carriesPassword(std::string_view url) {
    const auto start = url.find("://");
    if (start == std::string_view::npos) return false;
    const auto authority = url.substr(start + 3, url.find('/', start + 3) - (start + 3));
    return authority.find('@') != std::string_view::npos;
}

std::string inQuotes(std::string_view text) {
    return '"' + std::string(text) + '"';
}

/// "Ho Chi Minh" means the zone of that place.
std::string nearestZone(const std::string& wanted) {
    const std::vector<std::string> names = timeZoneNames();
    std::vector<std::string_view> known(names.begin(), names.end());
    for (const std::string& name : names) known.push_back(std::string_view(name).substr(name.rfind('/') + 1));
    const auto meant = nearest(wanted, known);
    if (!meant) return {};
    const auto at = static_cast<std::size_t>(std::ranges::find(known, *meant) - known.begin());
    return "did you mean " + inQuotes(names[at % names.size()]) + "?";
}

class RuleCheck {
  public:
    RuleCheck(const Configuration& configuration, const Board& board, std::vector<Fault>& faults)
        : configuration_(configuration), board_(board), faults_(faults) {
        for (const Fault& fault : faults) unread_.insert(fault.pointer);
    }

    void all() {
        id("/gateway", configuration_.gateway);
        timeZone();
        extents();
        shares();
        certificateWithKey();
        hubFiles();
        capHours();
        cameraCount();
        std::set<std::string> ids;
        for (std::size_t i = 0; i < configuration_.cameras.size(); ++i) {
            const std::string at = "/cameras/" + std::to_string(i);
            camera(at, configuration_.cameras[i]);
            once(at + "/id", configuration_.cameras[i].id, "camera", ids);
        }
        mediaPool();
    }

  private:
    void fault(std::string pointer, std::string expected, std::string found, std::string hint = {}) {
        faults_.push_back({std::move(pointer), std::move(expected), std::move(found), std::move(hint)});
    }

    /// Neither it nor what it lies in has a fault of its own.
    bool sound(std::string pointer) const {
        if (unread_.contains("/")) return false;
        for (; !pointer.empty(); pointer.erase(pointer.rfind('/'))) {
            if (unread_.contains(pointer)) return false;
        }
        return true;
    }
    bool sound(std::initializer_list<std::string_view> pointers) const {
        return std::ranges::all_of(pointers,
                                   [this](std::string_view pointer) { return sound(std::string(pointer)); });
    }
    /// Nothing in it has a fault.
    bool soundWithin(std::string_view pointer) const {
        return sound(std::string(pointer)) && std::ranges::none_of(unread_, [pointer](const auto& unread) {
                   return unread.starts_with(std::string(pointer) + "/");
               });
    }

    void id(const std::string& at, const std::string& value) {
        if (sound(at) && !isId(value)) fault(at, "1 to 32 of a-z, 0-9 and \"-\"", inQuotes(value));
    }

    void timeZone() {
        const std::string& zone = configuration_.time_zone;
        if (!sound("/time_zone") || TimeZone::load(zone)) return;
        fault("/time_zone", "a time zone that this machine knows, like \"Asia/Ho_Chi_Minh\"", inQuotes(zone),
              nearestZone(zone));
    }

    void once(const std::string& at, const std::string& name, const char* of, std::set<std::string>& taken) {
        if (sound(at) && !taken.insert(name).second)
            fault(at, "a name of its own", "that of another " + std::string(of) + ", " + inQuotes(name));
    }

    void certificateWithKey() {
        const std::string certificate = "/evidence/certificate_file";
        const std::string key = "/evidence/key_file";
        const auto& evidence = configuration_.evidence;
        if (!sound({certificate, key}) || evidence.certificate_file.empty() == evidence.key_file.empty())
            return;
        const bool lacks_key = evidence.key_file.empty();
        fault(lacks_key ? key : certificate, "a file, as " + (lacks_key ? certificate : key) + " has one",
              "none");
    }

    /// Of certificate, key and CA none or all: what is not enrolled has files.
    void hubFiles() {
        const auto& hub = configuration_.hub;
        const std::array files{std::pair{"/hub/ca_file", &hub.ca_file},
                               std::pair{"/hub/certificate_file", &hub.certificate_file},
                               std::pair{"/hub/key_file", &hub.key_file}};
        const auto named = [](const auto& file) { return !file.second->empty(); };
        if (std::ranges::none_of(files, named)) return;
        for (const auto& file : files) {
            if (sound(file.first) && !named(file))
                fault(file.first, "a file, as the others of them have one", "none");
        }
    }

    void capHours() {
        for (std::size_t i = 0; i < configuration_.hub.cap_hours.size(); ++i) {
            const std::string at = "/hub/cap_hours/" + std::to_string(i) + "/hours";
            const std::string& hours = configuration_.hub.cap_hours[i].hours;
            if (sound(at) && !WeekHours::parse(hours))
                fault(at, std::string(kHoursExpected), inQuotes(hours));
        }
    }

    void cameraCount() {
        const auto count = static_cast<std::int64_t>(configuration_.cameras.size());
        if (sound("/cameras") && count > board_.max_cameras) {
            fault("/cameras", "at most " + std::to_string(board_.max_cameras) + " cameras on this board",
                  std::to_string(count));
        }
    }

    void extents() {
        const auto& storage = configuration_.storage;
        const std::string at = "/storage/extent_mib";
        if (!sound(at)) return;
        if (storage.extent_mib % 4 != 0) fault(at, "a multiple of 4", std::to_string(storage.extent_mib));
        if (!sound("/storage/ring_mib")) return;
        const std::int64_t extents = storage.ring_mib / storage.extent_mib;
        if (extents < 4 || extents > 4096) {
            fault(at, "a size that cuts /storage/ring_mib into 4 to 4096 extents",
                  std::to_string(extents) + " of them");
        }
    }

    void shares() {
        if (!soundWithin("/storage")) return;
        const auto& storage = configuration_.storage;
        const std::int64_t shares = storage.preview_percent + storage.long_percent;
        if (shares > kMostShares_percent) {
            fault("/storage/long_percent",
                  "at most " + std::to_string(kMostShares_percent) +
                      " % together with /storage/preview_percent, so that normal has a rest",
                  std::to_string(shares) + " %");
        }
        const std::int64_t usable = (storage.ring_mib - kFront_mib) / storage.extent_mib;
        const auto taken = [usable](std::int64_t percent) {
            return percent == 0 ? 0 : std::max(usable * percent / 100, kLeastClassExtents);
        };
        const std::int64_t normal = usable - taken(storage.preview_percent) - taken(storage.long_percent);
        if (shares > 0 && normal < kLeastClassExtents) {
            fault("/storage/extent_mib",
                  "a size that leaves " + std::to_string(kLeastClassExtents) +
                      " extents to normal, beside preview and long",
                  std::to_string(normal) + " of " + std::to_string(usable));
        }
    }

    void retention(const std::string& at, RetentionClass wanted) {
        const auto& storage = configuration_.storage;
        const auto lacks = [&](RetentionClass kind, std::int64_t share, const std::string& share_at) {
            if (wanted == kind && share == 0 && sound({at, share_at}))
                fault(at, "a class with a share of the ring", "none at " + share_at);
        };
        lacks(RetentionClass::Preview, storage.preview_percent, "/storage/preview_percent");
        lacks(RetentionClass::Long, storage.long_percent, "/storage/long_percent");
    }

    void url(const std::string& at, const std::string& value) {
        if (!sound(at)) return;
        const bool secret = carriesPassword(value);
        if (secret) fault(at, "no user or password in the URL", "one", "\"user\" has a place of its own");
        if (!hasKnownScheme(value))
            fault(at, "rtsp://, rtsps://, v4l2:, file: or test:", secret ? "another" : inQuotes(value));
    }

    void camera(const std::string& at, const CameraConfig& camera) {
        id(at + "/id", camera.id);
        url(at + "/main", camera.main);
        if (!camera.sub.empty()) url(at + "/sub", camera.sub);
        retention(at + "/main_class", camera.main_class);
        retention(at + "/sub_class", camera.sub_class);
        const std::string keep = at + "/keep_days";
        if (sound({keep, "/storage/seal"}) && camera.keep_days > 0 && !configuration_.storage.seal)
            fault(keep, "0, or true at /storage/seal: footage in clear cannot be erased by days",
                  std::to_string(camera.keep_days));
        const std::string pause = at + "/pause_hours";
        if (sound(pause) && !camera.pause_hours.empty() && !WeekHours::parse(camera.pause_hours))
            fault(pause, std::string(kHoursExpected), inQuotes(camera.pause_hours));
        std::set<std::string> names;
        for (std::size_t i = 0; i < camera.motion.zones.size(); ++i) {
            const std::string zone_at = at + "/motion/zones/" + std::to_string(i);
            once(zone_at + "/name", camera.motion.zones[i].name, "zone", names);
            zone(zone_at, camera.motion.zones[i]);
        }
    }

    void zone(const std::string& at, const ZoneConfig& zone) {
        if (!soundWithin(at)) return;
        const std::string of = " (of zone " + inQuotes(zone.name) + ")";
        const std::size_t corners = zone.polygon.size();
        const bool line = zone.kind == ZoneKind::Line;
        if (line ? corners != 2 : corners < 3) {
            fault(at + "/polygon", (line ? "the 2 ends of a line" : "3 to 64 corners") + of,
                  std::to_string(corners));
        }
        if (!line && zone.crossing != Crossing::Either)
            fault(at + "/crossing", "\"either\", as this is no line" + of, "another");
        if (!WeekHours::parse(zone.hours))
            fault(at + "/hours", std::string(kHoursExpected) + of, inQuotes(zone.hours));
    }

    void mediaPool() {
        const auto unread = [this](std::size_t i) {
            return !sound("/cameras/" + std::to_string(i) + "/bitrate_kbps");
        };
        std::int64_t total_kbps = 0;
        for (std::size_t i = 0; i < configuration_.cameras.size(); ++i) {
            if (unread(i)) return;
            total_kbps += configuration_.cameras[i].bitrate_kbps;
        }
        const std::int64_t needed_mib = total_kbps * kLeastStallCover_s / 8 / 1024 + 1;
        if (needed_mib > board_.media_pool_mib && sound("/cameras")) {
            fault("/cameras",
                  "bitrates of which " + std::to_string(kLeastStallCover_s) + " s fit into this board's " +
                      std::to_string(board_.media_pool_mib) + " MiB",
                  std::to_string(total_kbps) + " kbit/s together, " + std::to_string(needed_mib) + " MiB");
        }
    }

    const Configuration& configuration_;
    const Board& board_;
    std::vector<Fault>& faults_;
    std::set<std::string> unread_;
};

}  // namespace

bool isId(std::string_view text) {
    const auto fits = [](char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-'; };
    return !text.empty() && text.size() <= 32 && std::all_of(text.begin(), text.end(), fits);
}

void checkRules(const Configuration& configuration, const Board& board, std::vector<Fault>& faults) {
    RuleCheck(configuration, board, faults).all();
}

}  // namespace camgate::config
