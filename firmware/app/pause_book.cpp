#include "app/pause_book.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <utility>

#include "base/local_time.hpp"
#include "base/wall_text.hpp"
#include "config/week_hours.hpp"

namespace camgate::app {
namespace {

using nlohmann::json;
using std::chrono::seconds;

std::unexpected<Error> damaged() {
    return fail(ErrorKind::Corruption, "the book of pauses is damaged");
}

bool inHours(const config::CameraConfig& camera, int minute_of_week) {
    if (camera.pause_hours.empty()) return false;
    const auto hours = config::WeekHours::parse(camera.pause_hours);
    return hours && hours->includes(minute_of_week);
}

}  // namespace

Result<PauseBook> PauseBook::read(const Clock& clock, const std::string& text) {
    PauseBook book(clock);
    if (text.empty()) return book;
    const json read = json::parse(text, nullptr, false);
    if (!read.is_object() || read.value("v", 0) != 1 || !read.contains("owner") ||
        !read["owner"].is_object() || !read.contains("schedule") || !read["schedule"].is_array())
        return damaged();
    for (const json& camera : read["schedule"]) {
        if (!camera.is_string()) return damaged();
        book.scheduled_.insert(camera.get<std::string>());
    }
    const WallReading now = clock.wallNow();
    for (const auto& [camera, row] : read["owner"].items()) {
        if (!row.is_object()) return damaged();
        if (!row.contains("for_s")) {
            book.owner_[camera] = {};
            continue;
        }
        if (!row["for_s"].is_number_unsigned()) return damaged();
        Timed timed;
        timed.length = std::min<Duration>(seconds(row["for_s"].get<std::uint32_t>()), kLongest);
        Duration left = timed.length;
        if (row.contains("until")) {
            const auto until = parseWallTime(row["until"].is_string() ? row["until"].get<std::string>() : "");
            if (!until) return damaged();
            timed.until = *until;
            // A clock that knows nothing makes a pause longer, never shorter.
            if (now.quality != WallQuality::Unsynced)
                left = std::clamp<Duration>(*until - now.time, Duration::zero(), left);
        }
        timed.end = clock.bootNow() + left;
        book.owner_[camera] = timed;
    }
    return book;
}

void PauseBook::pause(const std::string& camera, std::optional<Duration> length) {
    if (!length) {
        owner_[camera] = {};
        return;
    }
    const Duration held = std::min<Duration>(*length, kLongest);
    const WallReading now = clock_->wallNow();
    Timed timed{clock_->bootNow() + held, std::nullopt, held};
    if (now.quality != WallQuality::Unsynced) timed.until = now.time + held;
    owner_[camera] = timed;
}

bool PauseBook::resume(const std::string& camera) {
    return owner_.erase(camera) > 0;
}

std::vector<PauseChange> PauseBook::look(const config::Configuration& configuration) {
    std::vector<PauseChange> changes;
    const BootTime now = clock_->bootNow();
    std::erase_if(owner_, [&](const auto& row) {
        const bool over = row.second.end && *row.second.end <= now;
        if (over) changes.push_back({row.first, PausedBy::Owner, false});
        return over;
    });
    const WallReading wall = clock_->wallNow();
    if (wall.quality == WallQuality::Unsynced) return changes;
    const int minute = localMinuteOfWeek(wall.time);
    std::set<std::string> scheduled;
    for (const auto& camera : configuration.cameras) {
        if (inHours(camera, minute)) scheduled.insert(camera.id);
        const bool before = scheduled_.contains(camera.id);
        if (before != scheduled.contains(camera.id))
            changes.push_back({camera.id, PausedBy::Schedule, !before});
    }
    scheduled_ = std::move(scheduled);
    return changes;
}

std::vector<std::string> PauseBook::learnEnds() {
    const WallReading wall = clock_->wallNow();
    std::vector<std::string> learned;
    if (wall.quality == WallQuality::Unsynced) return learned;
    for (auto& [camera, row] : owner_) {
        if (!row.end || row.until) continue;
        row.until = wall.time + (*row.end - clock_->bootNow());
        learned.push_back(camera);
    }
    return learned;
}

std::optional<Pause> PauseBook::of(const std::string& camera) const {
    if (const auto row = owner_.find(camera); row != owner_.end()) {
        Pause pause{PausedBy::Owner, row->second.until};
        if (row->second.end) pause.left = *row->second.end - clock_->bootNow();
        return pause;
    }
    if (scheduled_.contains(camera)) return Pause{PausedBy::Schedule};
    return std::nullopt;
}

std::string PauseBook::text() const {
    json owner = json::object();
    for (const auto& [camera, row] : owner_) {
        json out = json::object();
        if (row.end) out["for_s"] = std::chrono::ceil<seconds>(row.length).count();
        if (row.until) out["until"] = formatWallTime(*row.until);
        owner[camera] = std::move(out);
    }
    return json{{"v", 1}, {"owner", owner}, {"schedule", scheduled_}}.dump();
}

}  // namespace camgate::app
