#include "console/camera_flow.hpp"

#include <unistd.h>

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>

#include "console/camera_view.hpp"
#include "console/candidate_flow.hpp"
#include "console/interrupt.hpp"
#include "console/json_text.hpp"
#include "console/language.hpp"

namespace camgate::console {
namespace {

using nlohmann::json;

constexpr useconds_t kAskCamera_us = 300'000;
constexpr int kCameraRounds = 100;  ///< of kAskCamera_us: 30 s
constexpr std::uint64_t kLeastPlan_kbps = 1000;
constexpr std::uint64_t kMostPlan_kbps = 40'000;

/// Twice what was measured, for scenes with more in them.
std::uint64_t plannedRate(const json& tried) {
    double kbps = 0;
    for (const char* stream : {"main", "sub"}) {
        const json& rate = fieldOf(fieldOf(tried, stream), "kbps");
        if (rate.is_number()) kbps += rate.get<double>();
    }
    const auto plan = static_cast<std::uint64_t>(std::ceil(kbps * 2 / 100)) * 100;
    return std::clamp(plan, kLeastPlan_kbps, kMostPlan_kbps);
}

Status setAll(Session& session, const NewCamera& camera) {
    const std::string path = "cameras/" + camera.id + "/";
    for (const auto& [key, value] :
         {std::pair{"main", camera.main}, std::pair{"sub", camera.sub}, std::pair{"name", camera.name},
          std::pair{"user", camera.user}, std::pair{"bitrate_kbps", std::to_string(camera.bitrate_kbps)}}) {
        if (value.empty()) continue;
        if (auto done = setSetting(session, path + key, value); !done) return done;
    }
    if (camera.password.empty()) return {};
    const auto kept = session.call("secret.set", {{"name", path + "password"}, {"value", camera.password}});
    if (!kept) return std::unexpected(kept.error());
    return {};
}

}  // namespace

std::string serviceUrl(const std::string& address) {
    if (address.find("://") != std::string::npos) return address;
    return "http://" + address + "/onvif/device_service";
}

Status chooseStreams(Session& session, const std::string& address, NewCamera& camera) {
    if (!address.starts_with("http://") && address.find(':') != std::string::npos &&
        address.find("//") != std::string::npos) {
        camera.main = address;  // the stream itself
        return {};
    }
    session.sayNow(tr("asking the camera which streams it offers ...") + "\n");
    const auto answer =
        session.call("cameras.describe",
                     {{"url", serviceUrl(address)}, {"user", camera.user}, {"password", camera.password}});
    if (!answer) return std::unexpected(answer.error());
    session.say(renderDescription(*answer));
    const json described = parsedObject(*answer);
    const json& streams = fieldOf(described, "streams");
    const auto urlOf = [&](const char* which) {
        const json& number = fieldOf(described, which);
        const bool there = number.is_number_unsigned() && streams.is_array() && number < streams.size();
        return there ? textOf(fieldOf(streams[number.get<std::size_t>()], "url")) : std::string();
    };
    camera.main = urlOf("main");
    camera.sub = urlOf("sub");
    if (camera.name.empty() && described.contains("model")) camera.name = textOf(fieldOf(described, "model"));
    return {};
}

Status tryCamera(Session& session, NewCamera& camera) {
    session.sayNow(tr("receiving it for some seconds ...") + "\n");
    const auto answer = session.call(
        "cameras.test",
        {{"main", camera.main}, {"sub", camera.sub}, {"user", camera.user}, {"password", camera.password}});
    if (!answer) return std::unexpected(answer.error());
    session.say(renderTrial(*answer));
    camera.bitrate_kbps = plannedRate(parsedObject(*answer));
    return {};
}

Status saveCamera(Session& session, const NewCamera& camera) {
    if (auto alone = nobodyEdits(session); !alone) return alone;
    if (auto done = setAll(session, camera); !done) {
        discardCandidate(session);
        return done;
    }
    return commitAndWait(session);
}

Status awaitCamera(Session& session, const std::string& id) {
    std::string state;
    for (int round = 0; round < kCameraRounds; ++round) {
        const auto answer = session.call("cameras", json::object());
        if (!answer) return std::unexpected(answer.error());
        const json cameras = parsedObject(*answer);
        for (const json& camera : fieldOf(cameras, "cameras")) {
            if (textOf(fieldOf(camera, "id")) != id) continue;
            state = textOf(fieldOf(camera, "state"));
            const json& stored = fieldOf(fieldOf(camera, "counters"), "stored_records");
            if (state == "ok" && stored.is_number() && stored > 0) return {};
        }
        ::usleep(kAskCamera_us);
    }
    if (state == "ok")
        return fail(ErrorKind::Timeout,
                    tr("the camera delivers, but nothing of it is on the card yet: see storage and status"));
    return fail(ErrorKind::Timeout, tr("the camera does not deliver yet, it is:") + " " + state);
}

}  // namespace camgate::console
