#include "app/pause_desk.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <utility>

#include "base/local_time.hpp"
#include "base/log.hpp"
#include "base/wall_text.hpp"

namespace camgate::app {
namespace {

using nlohmann::json;

constexpr Duration kPauseLook = std::chrono::seconds(1);
constexpr std::size_t kMostPauseBook_bytes = 64 * 1024;
constexpr std::chrono::seconds kShortestPause{60};

PauseBook bookOf(const PausePorts& ports, const std::string& path) {
    const Clock& clock = ports.loop.clock();
    const auto text = readTextFile(ports.files, path, kMostPauseBook_bytes);
    auto book = text ? PauseBook::read(clock, *text) : Result<PauseBook>(std::unexpected(text.error()));
    if (book) return std::move(*book);
    if (book.error().kind != ErrorKind::NotFound)
        logEvent(LogLevel::Error, "app", "pauses-unusable", {{"why", book.error()}});
    return PauseBook(clock);
}

std::int64_t secondsOf(Duration duration) {
    return std::chrono::ceil<std::chrono::seconds>(duration).count();
}

std::string pathOf(const PausePorts& ports) {
    return ports.data_folder + "/pauses";
}

}  // namespace

PauseDesk::PauseDesk(PausePorts ports)
    : ports_(std::move(ports)),
      book_(bookOf(ports_, pathOf(ports_))),
      tick_(ports_.loop.runEvery(kPauseLook, [this] { look(); })) {}

std::string PauseDesk::why(const std::string& camera) const {
    const auto pause = book_.of(camera);
    if (!pause) return {};
    if (pause->by == PausedBy::Schedule) return "by its hours";
    if (pause->until) return "by its owner until " + formatLocalTime(*pause->until);
    if (!pause->left) return "by its owner";
    return "by its owner for a time that ends by itself; until when is told once the clock is set";
}

void PauseDesk::look() {
    const auto changes = book_.look(ports_.configuration);
    const auto learned = book_.learnEnds();
    if (changes.empty() && learned.empty()) return;
    for (const auto& camera : learned) ports_.changed(camera);
    for (const auto& change : changes) tell(change, change.by == PausedBy::Schedule ? "schedule" : "gateway");
    keep([](const Status&) {});
}

bool PauseDesk::exists(const std::string& camera) const {
    return std::ranges::find(ports_.configuration.cameras, camera, &config::CameraConfig::id) !=
           ports_.configuration.cameras.end();
}

void PauseDesk::pause(const std::string& who, const std::string& parameters, Answer answer) {
    const json asked = json::parse(parameters);
    const std::string camera = asked["camera"];
    if (!exists(camera)) return answer(fail(ErrorKind::NotFound, "there is no such camera"));
    std::optional<Duration> length;
    if (asked.contains("for_s")) {
        const auto wanted_s = asked["for_s"].get<std::uint64_t>();
        const auto longest = std::chrono::duration_cast<std::chrono::seconds>(PauseBook::kLongest);
        if (wanted_s < static_cast<std::uint64_t>(kShortestPause.count()) ||
            wanted_s > static_cast<std::uint64_t>(longest.count()))
            return answer(fail(ErrorKind::InvalidArgument, "for_s: expected a minute to 31 days"));
        length = std::chrono::seconds(wanted_s);
    }
    book_.pause(camera, length);
    tell({camera, PausedBy::Owner, true}, who);
    keepThenSay(camera, std::move(answer));
}

void PauseDesk::resume(const std::string& who, const std::string& parameters, Answer answer) {
    const std::string camera = json::parse(parameters)["camera"];
    if (!exists(camera)) return answer(fail(ErrorKind::NotFound, "there is no such camera"));
    if (!book_.resume(camera)) return answer(stateJson(camera));
    tell({camera, PausedBy::Owner, false}, who);
    keepThenSay(camera, std::move(answer));
}

void PauseDesk::keepThenSay(const std::string& camera, Answer answer) {
    keep([this, camera, answer = std::move(answer)](const Status& kept) {
        if (kept) return answer(stateJson(camera));
        Error error = kept.error();
        error.context = "it holds until the gateway starts anew, as it could not be kept: " + error.context;
        answer(std::unexpected(error));
    });
}

void PauseDesk::keep(std::function<void(Status)> done) {
    const bool taken = ports_.later([&loop = ports_.loop, &files = ports_.files, path = pathOf(ports_),
                                     text = book_.text(), done, alive = alive_] {
        Status kept = replaceFile(files, path, text);
        if (!kept) logEvent(LogLevel::Error, "app", "pauses-not-kept", {{"why", kept.error()}});
        loop.post([kept = std::move(kept), done, alive] {
            if (*alive) done(kept);
        });
    });
    if (!taken) done(fail(ErrorKind::Unavailable, "the card is busy"));
}

void PauseDesk::tell(const PauseChange& change, const std::string& who) {
    json detail = {{"camera", change.camera}};
    if (change.paused) {
        const auto pause = book_.of(change.camera);
        if (pause && pause->until) {
            detail["until"] = formatWallTime(*pause->until);
        } else if (pause && pause->left) {
            detail["for_s"] = secondsOf(*pause->left);
        }
    }
    ports_.audit({ports_.loop.clock().wallNow().time, who, change.paused ? "camera.pause" : "camera.resume",
                  "done", detail.dump()},
                 [](const Status&) {});
    ports_.changed(change.camera);
}

std::string PauseDesk::stateJson(const std::string& camera) const {
    const auto pause = book_.of(camera);
    json out = {{"camera", camera}, {"paused", pause.has_value()}};
    if (pause) out["by"] = pause->by == PausedBy::Owner ? "owner" : "schedule";
    if (pause && pause->until) out["until"] = formatWallTime(*pause->until);
    if (pause && pause->left) out["left_s"] = secondsOf(*pause->left);
    return out.dump();
}

}  // namespace camgate::app
