#include "camera/onvif/device.hpp"

#include "base/wall_text.hpp"
#include "camera/onvif/choose.hpp"
#include "camera/onvif/http_url.hpp"
#include "camera/onvif/soap.hpp"
#include "crypto/random.hpp"

namespace camgate::onvif {
namespace {

using std::chrono::seconds;

/// Without the fraction, which some cameras do not read.
std::string secondsText(WallTime time) {
    return formatWallTime(time).substr(0, 19) + "Z";
}

class Conversation {
  public:
    Conversation(Http& http, const Clock& clock, const ipc::FinderDescribe& asked, std::string host)
        : http_(http), clock_(clock), asked_(asked), host_(std::move(host)) {}

    Result<ipc::CameraDescription> run() {
        askTime();
        const auto media = ask(asked_.service_url, getCapabilities());
        if (!media) return std::unexpected(media.error());
        const auto media_url = readMediaUrl(*media, host_);
        if (!media_url) return std::unexpected(media_url.error());
        if (auto streams = askStreams(*media_url); !streams) return std::unexpected(streams.error());
        const auto choice = chooseStreams(out_.streams);
        if (!choice)
            return fail(ErrorKind::FailedPrecondition, "the camera offers no stream in H.264 or H.265");
        out_.main = choice->main;
        out_.sub = choice->sub;
        out_.why = choice->why;
        askWhatItIs();
        return std::move(out_);
    }

  private:
    /// Of the camera's clock, which tokens are made by; one that tells none is taken to be right.
    void askTime() {
        const auto answer = http_.post(asked_.service_url, envelope(getSystemDateAndTime()));
        const auto time = answer ? readSystemDateAndTime(*answer) : std::unexpected(answer.error());
        if (!time) return;
        ahead_ = std::chrono::floor<seconds>(*time - clock_.wallNow().time + std::chrono::milliseconds(500));
        out_.clock_ahead_s = ahead_.count();
    }

    Result<std::string> ask(const std::string& url, const std::string& body) {
        if (asked_.user.empty()) return http_.post(url, envelope(body));
        Token token{asked_.user, asked_.password, std::string(16, '\0'),
                    secondsText(clock_.wallNow().time + ahead_)};
        auto* nonce = reinterpret_cast<std::uint8_t*>(token.nonce.data());
        if (auto filled = crypto::fillRandom({nonce, token.nonce.size()}); !filled)
            return std::unexpected(filled.error());
        return http_.post(url, envelope(body, token));
    }

    Status askStreams(const std::string& media_url) {
        const auto answer = ask(media_url, getProfiles());
        if (!answer) return std::unexpected(answer.error());
        auto profiles = readProfiles(*answer);
        if (!profiles) return std::unexpected(profiles.error());
        for (Profile& profile : *profiles) {
            const auto uri = ask(media_url, getStreamUri(profile.token));
            const auto url = uri ? readStreamUri(*uri, host_) : std::unexpected(uri.error());
            if (!url) return passOn(url.error(), "stream " + profile.stream.name);
            profile.stream.url = *url;
            out_.streams.push_back(std::move(profile.stream));
        }
        return {};
    }

    /// For people alone: a camera that keeps it to itself is as good.
    void askWhatItIs() {
        const auto answer = ask(asked_.service_url, getDeviceInformation());
        const auto read = answer ? readDeviceInformation(*answer) : std::unexpected(answer.error());
        if (!read) return;
        out_.manufacturer = read->manufacturer;
        out_.model = read->model;
        out_.firmware = read->firmware;
    }

    Http& http_;
    const Clock& clock_;
    const ipc::FinderDescribe& asked_;
    std::string host_;
    seconds ahead_{0};
    ipc::CameraDescription out_;
};

}  // namespace

Result<ipc::CameraDescription> describeDevice(Http& http, const Clock& clock,
                                              const ipc::FinderDescribe& asked) {
    const auto url = parseHostUrl(asked.service_url, "http://");
    if (!url)
        return fail(ErrorKind::InvalidArgument,
                    "expected an address like http://192.168.1.20/onvif/device_service");
    return Conversation(http, clock, asked, url->host).run();
}

}  // namespace camgate::onvif
