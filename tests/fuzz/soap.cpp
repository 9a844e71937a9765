// What a camera answers over HTTP: SOAP of the calls that camgate makes, and the addresses in it.
#include "camera/onvif/soap.hpp"

#include "camera/onvif/choose.hpp"
#include "camera/onvif/http_url.hpp"
#include "fuzz/fuzz_target.hpp"

namespace camgate::fuzz {

bool readHostile(ByteView input) {
    using namespace onvif;
    const std::string_view text = asText(input);
    const std::string host = "10.0.0.5";
    bool sound = readSystemDateAndTime(text).has_value();
    if (const auto url = readMediaUrl(text, host)) {
        require(parseHostUrl(*url, "http://")->host == host, "a media service is at the camera's host");
        sound = true;
    }
    if (const auto url = readStreamUri(text, host)) {
        require(parseHostUrl(*url, "rtsp://")->host == host, "a stream is at the camera's host");
        sound = true;
    }
    if (const auto profiles = readProfiles(text)) {
        require(profiles->size() <= ipc::kMostOfferedStreams, "profiles are bounded");
        std::vector<ipc::OfferedStream> streams;
        for (const auto& profile : *profiles) streams.push_back(profile.stream);
        if (const auto choice = chooseStreams(streams)) {
            require(choice->main < streams.size(), "the choice is one of the streams");
            ipc::CameraDescription out;
            out.streams = streams;
            out.main = choice->main;
            out.sub = choice->sub;
            require(ipc::decodeDescription(ipc::encode(out)).has_value(), "camgated takes what was read");
        }
        sound = true;
    }
    sound |= readDeviceInformation(text).has_value();
    return sound;
}

std::vector<Bytes> seeds() {
    std::vector<Bytes> out;
    for (
        const std::string_view body :
        {R"(<GetSystemDateAndTimeResponse><SystemDateAndTime><UTCDateTime><Time><Hour>1</Hour><Minute>1</Minute><Second>1</Second></Time><Date><Year>2026</Year><Month>3</Month><Day>1</Day></Date></UTCDateTime></SystemDateAndTime></GetSystemDateAndTimeResponse>)",
         R"(<GetCapabilitiesResponse><Capabilities><Media><XAddr>http://10.0.0.5:80/m</XAddr></Media></Capabilities></GetCapabilitiesResponse>)",
         R"(<GetProfilesResponse><Profiles token="a"><Name>n</Name><VideoEncoderConfiguration><Encoding>H264</Encoding><Resolution><Width>640</Width><Height>480</Height></Resolution><RateControl><FrameRateLimit>10</FrameRateLimit><BitrateLimit>512</BitrateLimit></RateControl></VideoEncoderConfiguration></Profiles></GetProfilesResponse>)",
         R"(<GetStreamUriResponse><MediaUri><Uri>rtsp://10.0.0.5/a</Uri></MediaUri></GetStreamUriResponse>)",
         R"(<GetDeviceInformationResponse><Manufacturer>a</Manufacturer><Model>b</Model></GetDeviceInformationResponse>)"}) {
        const std::string text =
            "<s:Envelope xmlns:s=\"x\"><s:Body>" + std::string(body) + "</s:Body></s:Envelope>";
        out.emplace_back(text.begin(), text.end());
    }
    return out;
}

}  // namespace camgate::fuzz
