#include "config/rules.hpp"

#include <algorithm>
#include <set>

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

class RuleCheck {
  public:
    RuleCheck(const Configuration& configuration, const Board& board, std::vector<Fault>& faults)
        : configuration_(configuration), board_(board), faults_(faults) {}

    void all() {
        id("/gateway", configuration_.gateway);
        storage();
        pair("/evidence/certificate_file", configuration_.evidence.certificate_file, "/evidence/key_file",
             configuration_.evidence.key_file);
        if (static_cast<std::int64_t>(configuration_.cameras.size()) > board_.max_cameras) {
            fault("/cameras",
                  "this board carries at most " + std::to_string(board_.max_cameras) + " cameras");
        }
        std::set<std::string> ids;
        for (std::size_t i = 0; i < configuration_.cameras.size(); ++i) {
            const std::string at = "/cameras/" + std::to_string(i);
            camera(at, configuration_.cameras[i]);
            if (!ids.insert(configuration_.cameras[i].id).second)
                fault(at + "/id", "another camera has the same id");
        }
        mediaPool();
    }

  private:
    void fault(std::string pointer, std::string message) {
        faults_.push_back({std::move(pointer), std::move(message)});
    }

    void id(const std::string& at, const std::string& value) {
        if (!isId(value)) fault(at, "expected 1 to 32 of a-z, 0-9 and \"-\", found \"" + value + "\"");
    }

    void pair(const std::string& a_at, const std::string& a, const std::string& b_at, const std::string& b) {
        if (a.empty() != b.empty()) fault(a.empty() ? a_at : b_at, "goes with " + (a.empty() ? b_at : a_at));
    }

    void storage() {
        const auto& storage = configuration_.storage;
        if (storage.extent_mib % 4 != 0) fault("/storage/extent_mib", "expected a multiple of 4");
        const std::int64_t extents = storage.ring_mib / storage.extent_mib;
        if (extents < 4 || extents > 4096) {
            fault("/storage/extent_mib",
                  "cuts the ring into " + std::to_string(extents) + " extents, expected 4 to 4096");
        }
        const std::int64_t shares = storage.preview_percent + storage.long_percent;
        if (shares > kMostShares_percent) {
            fault("/storage/long_percent",
                  "preview and long get " + std::to_string(shares) + " % of the ring, at most " +
                      std::to_string(kMostShares_percent) + " leave something for normal");
        }
        const std::int64_t usable = (storage.ring_mib - kFront_mib) / storage.extent_mib;
        const auto taken = [usable](std::int64_t percent) {
            return percent == 0 ? 0 : std::max(usable * percent / 100, kLeastClassExtents);
        };
        const std::int64_t normal = usable - taken(storage.preview_percent) - taken(storage.long_percent);
        if (shares > 0 && normal < kLeastClassExtents) {
            fault("/storage/extent_mib", "preview and long leave " + std::to_string(normal) + " of " +
                                             std::to_string(usable) + " extents for normal, each needs " +
                                             std::to_string(kLeastClassExtents));
        }
    }

    void retention(const std::string& at, RetentionClass wanted) {
        const auto& storage = configuration_.storage;
        if (wanted == RetentionClass::Preview && storage.preview_percent == 0)
            fault(at, "\"preview\" has no share of the ring: set /storage/preview_percent");
        if (wanted == RetentionClass::Long && storage.long_percent == 0)
            fault(at, "\"long\" has no share of the ring: set /storage/long_percent");
    }

    void url(const std::string& at, const std::string& value) {
        if (!hasKnownScheme(value)) fault(at, "expected rtsp://, rtsps://, v4l2:, file: or test:");
        if (carriesPassword(value))
            fault(at, "the URL carries a user or password, expected them in \"user\" and \"password\"");
    }

    void camera(const std::string& at, const CameraConfig& camera) {
        id(at + "/id", camera.id);
        url(at + "/main", camera.main);
        if (!camera.sub.empty()) url(at + "/sub", camera.sub);
        retention(at + "/main_class", camera.main_class);
        retention(at + "/sub_class", camera.sub_class);
        if (camera.keep_days > 0 && !configuration_.storage.seal)
            fault(at + "/keep_days", "footage in clear cannot be erased by days: set /storage/seal");
        std::set<std::string> names;
        for (std::size_t i = 0; i < camera.motion.zones.size(); ++i) {
            const auto& zone = camera.motion.zones[i];
            if (!names.insert(zone.name).second) {
                fault(at + "/motion/zones/" + std::to_string(i) + "/name", "another zone has the same name");
            }
            shape(at + "/motion/zones/" + std::to_string(i), zone);
        }
    }

    void shape(const std::string& at, const ZoneConfig& zone) {
        const std::size_t corners = zone.polygon.size();
        const std::string has = "zone \"" + zone.name + "\" has " + std::to_string(corners);
        if (zone.kind == ZoneKind::Line) {
            if (corners != 2) fault(at + "/polygon", has + " points, a line has 2 ends");
        } else if (corners < 3) {
            fault(at + "/polygon", has + " corners, expected 3 to 64");
        }
        if (zone.kind != ZoneKind::Line && zone.crossing != Crossing::Either)
            fault(at + "/crossing", "zone \"" + zone.name + "\" is no line");
        if (const auto hours = WeekHours::parse(zone.hours); !hours)
            fault(at + "/hours", "zone \"" + zone.name + "\": " + hours.error().context);
    }

    void mediaPool() {
        std::int64_t total_kbps = 0;
        for (const auto& camera : configuration_.cameras) total_kbps += camera.bitrate_kbps;
        const std::int64_t needed_mib = total_kbps * kLeastStallCover_s / 8 / 1024 + 1;
        if (needed_mib > board_.media_pool_mib) {
            fault("/cameras", "together " + std::to_string(total_kbps) +
                                  " kbit/s: " + std::to_string(kLeastStallCover_s) + " s of that need " +
                                  std::to_string(needed_mib) + " MiB, this board has " +
                                  std::to_string(board_.media_pool_mib));
        }
    }

    const Configuration& configuration_;
    const Board& board_;
    std::vector<Fault>& faults_;
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
