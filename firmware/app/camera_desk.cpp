#include "app/camera_desk.hpp"

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>
#include <utility>

#include "app/brief_worker.hpp"
#include "app/camera_settings.hpp"
#include "app/camera_trial.hpp"
#include "app/json_text.hpp"
#include "ipc/finder_messages.hpp"

namespace camgate::app {
namespace {

using ipc::FinderMessage;
using nlohmann::json;

constexpr std::size_t kAtOnce = 2;
constexpr Duration kFinderPatience = std::chrono::seconds(25);

json foundJson(const std::vector<ipc::FoundCamera>& found) {
    json list = json::array();
    for (const auto& camera : found) {
        json one = {{"address", camera.address}};
        if (!camera.service_url.empty()) one["url"] = camera.service_url;
        if (!camera.name.empty()) one["name"] = camera.name;
        if (!camera.hardware.empty()) one["hardware"] = camera.hardware;
        list.push_back(std::move(one));
    }
    return {{"cameras", list}};
}

json streamJson(const ipc::OfferedStream& stream) {
    json out = {{"name", stream.name}, {"url", stream.url}, {"codec", stream.codec}};
    for (const auto& [key, number] :
         {std::pair{"width_px", stream.width_px}, std::pair{"height_px", stream.height_px},
          std::pair{"fps", stream.fps}, std::pair{"kbps", stream.kbps}}) {
        if (number > 0) out[key] = number;
    }
    return out;
}

json descriptionJson(const ipc::CameraDescription& camera) {
    json streams = json::array();
    for (const auto& stream : camera.streams) streams.push_back(streamJson(stream));
    json out = {{"streams", streams}, {"main", camera.main}, {"why", camera.why}};
    if (camera.sub) out["sub"] = *camera.sub;
    if (camera.clock_ahead_s) out["clock_ahead_s"] = *camera.clock_ahead_s;
    for (const auto& [key, value] :
         {std::pair{"manufacturer", &camera.manufacturer}, std::pair{"model", &camera.model},
          std::pair{"firmware", &camera.firmware}}) {
        if (!value->empty()) out[key] = *value;
    }
    return out;
}

json measuredJson(const TrialStream& stream) {
    json out = json::object();
    if (stream.config) {
        out = {{"codec", media::toString(stream.config->codec)},
               {"width_px", stream.config->width_px},
               {"height_px", stream.config->height_px}};
    }
    const auto rounded = [](double value) { return std::round(value * 10) / 10; };
    if (const auto fps = stream.fps()) out["fps"] = rounded(*fps);
    if (const auto kbps = stream.kbps()) out["kbps"] = rounded(*kbps);
    if (stream.group) out["group_s"] = rounded(std::chrono::duration<double>(*stream.group).count());
    return out;
}

json resultJson(const TrialResult& result) {
    json out = {{"main", measuredJson(result.main)}};
    if (result.sub.frames > 0) out["sub"] = measuredJson(result.sub);
    if (!result.still.empty()) out["jpeg"] = toBase64(result.still);
    if (result.detail != "ok") out["detail"] = result.detail;
    return out;
}

}  // namespace

class CameraDesk::Errand {
  public:
    virtual ~Errand() = default;
    virtual void start(std::function<void(Result<std::string>)> done) = 0;
};

class CameraDesk::FinderErrand final : public Errand {
  public:
    FinderErrand(EventLoop& loop, ipc::Launcher& launcher, FinderMessage question, Bytes payload)
        : question_(question),
          payload_(std::move(payload)),
          worker_(loop, launcher,
                  {[this](std::uint16_t type, ByteView message) { return onMessage(type, message); },
                   [this](const Error& why) { finish(std::unexpected(why)); }}) {}

    void start(std::function<void(Result<std::string>)> done) override {
        done_ = std::move(done);
        if (auto started = worker_.start(ipc::WorkerRole::Finder, {ipc::longestFromFinder}, kFinderPatience);
            !started)
            return finish(std::unexpected(started.error()));
        worker_.say(question_, payload_);
    }

  private:
    Status onMessage(std::uint16_t type, ByteView message) {
        const auto kind = static_cast<FinderMessage>(type);
        if (kind == FinderMessage::Hello) return {};
        if (kind == FinderMessage::Failed) {
            finish(std::unexpected(ipc::decodeFinderFailure(message)));
            return {};
        }
        if (kind == FinderMessage::Found && question_ == FinderMessage::Search) {
            const auto found = ipc::decodeFound(message);
            if (!found) return std::unexpected(found.error());
            finish(jsonText(foundJson(*found)));
            return {};
        }
        if (kind != FinderMessage::Described || question_ != FinderMessage::Describe)
            return fail(ErrorKind::Corruption, "unexpected message type " + std::to_string(type));
        const auto described = ipc::decodeDescription(message);
        if (!described) return std::unexpected(described.error());
        finish(jsonText(descriptionJson(*described)));
        return {};
    }
    void finish(Result<std::string> result) {
        worker_.end();
        if (auto done = std::exchange(done_, nullptr)) done(std::move(result));
    }

    FinderMessage question_;
    Bytes payload_;
    std::function<void(Result<std::string>)> done_;
    BriefWorker worker_;
};

class CameraDesk::TrialErrand final : public Errand {
  public:
    TrialErrand(EventLoop& loop, ipc::Launcher& launcher, ipc::CameraSettings settings)
        : trial_(loop, launcher, std::move(settings), [this](const Result<TrialResult>& result) {
              done_(result ? Result<std::string>(jsonText(resultJson(*result)))
                           : std::unexpected(result.error()));
          }) {}
    void start(std::function<void(Result<std::string>)> done) override {
        done_ = std::move(done);
        trial_.start();
    }

  private:
    std::function<void(Result<std::string>)> done_;
    CameraTrial trial_;
};

CameraDesk::CameraDesk(EventLoop& loop, ipc::Launcher& launcher, const config::Configuration& configuration,
                       Paused paused)
    : loop_(loop), launcher_(launcher), configuration_(configuration), paused_(std::move(paused)) {}

CameraDesk::~CameraDesk() {
    *alive_ = false;
}

void CameraDesk::run(std::unique_ptr<Errand> errand, Answer answer) {
    if (errands_.size() >= kAtOnce)
        return answer(
            fail(ErrorKind::Unavailable, "two cameras are looked at already, try again in half a minute"));
    const std::uint64_t id = next_++;
    Errand& started = *errands_.emplace(id, std::move(errand)).first->second;
    started.start([this, id, answer = std::move(answer)](Result<std::string> result) {
        // Not destroyed inside its own callback.
        loop_.post([this, id, alive = alive_] {
            if (*alive) errands_.erase(id);
        });
        answer(std::move(result));
    });
}

void CameraDesk::discover(const std::string& parameters, Answer answer) {
    const json asked = json::parse(parameters);
    ipc::FinderSearch search;
    search.interface = asked.value("interface", "");
    search.scan_ports = asked.value("scan", false);
    const auto seconds = std::clamp<std::uint64_t>(asked.value("seconds", std::uint64_t{3}), 1, 10);
    search.listen_ms = static_cast<std::uint16_t>(seconds * 1000);
    if (search.interface.size() > 15)
        return answer(fail(ErrorKind::InvalidArgument, "interface: at most 15 letters"));
    run(std::make_unique<FinderErrand>(loop_, launcher_, FinderMessage::Search, ipc::encode(search)),
        std::move(answer));
}

void CameraDesk::describe(const std::string& parameters, Answer answer) {
    const json asked = json::parse(parameters);
    const ipc::FinderDescribe describe{asked["url"], asked.value("user", ""), asked.value("password", "")};
    if (describe.service_url.size() > 512 || describe.user.size() > 100 || describe.password.size() > 100)
        return answer(
            fail(ErrorKind::InvalidArgument, "url: at most 512 letters; user and password: at most 100"));
    run(std::make_unique<FinderErrand>(loop_, launcher_, FinderMessage::Describe, ipc::encode(describe)),
        std::move(answer));
}

void CameraDesk::test(const std::string& parameters, Answer answer) {
    const json asked = json::parse(parameters);
    ipc::CameraSettings settings;
    if (asked.contains("camera")) {
        const auto& cameras = configuration_.cameras;
        const auto camera =
            std::ranges::find(cameras, asked["camera"].get<std::string>(), &config::CameraConfig::id);
        if (camera == cameras.end()) return answer(fail(ErrorKind::NotFound, "there is no such camera"));
        if (!paused_(camera->id).empty())
            return answer(fail(ErrorKind::FailedPrecondition, "the camera is paused: nobody looks at it"));
        settings = workerSettings(*camera);
    } else {
        settings.camera = "test";
        settings.main_url = asked.value("main", "");
        settings.sub_url = asked.value("sub", "");
        settings.user = asked.value("user", "");
        settings.password = asked.value("password", "");
        if (settings.main_url.empty())
            return answer(fail(ErrorKind::InvalidArgument, "camera or main is missing"));
    }
    run(std::make_unique<TrialErrand>(loop_, launcher_, std::move(settings)), std::move(answer));
}

}  // namespace camgate::app
