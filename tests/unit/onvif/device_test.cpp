#include "camera/onvif/device.hpp"

#include <catch2/catch.hpp>
#include <deque>

#include "camera/onvif/choose.hpp"
#include "camera/onvif/http_url.hpp"
#include "camera/onvif/port_scan.hpp"
#include "camera/onvif/soap.hpp"
#include "camera/onvif/xml.hpp"
#include "support/base/fake_clock.hpp"

namespace camgate::onvif {
namespace {

std::string soap(const std::string& body) {
    return "<e:Envelope><e:Body>" + body + "</e:Body></e:Envelope>";
}

std::string profile(const std::string& token, const std::string& encoding, int width, int height) {
    return "<t:Profiles token=\"" + token + "\"><s:Name>" + token +
           "</s:Name><s:VideoEncoderConfiguration><s:Encoding>" + encoding +
           "</s:Encoding><s:Resolution><s:Width>" + std::to_string(width) + "</s:Width><s:Height>" +
           std::to_string(height) +
           "</s:Height></s:Resolution><s:RateControl><s:FrameRateLimit>25.0</s:FrameRateLimit></"
           "s:RateControl>"
           "</s:VideoEncoderConfiguration></t:Profiles>";
}

/// A camera that behaves, but for what a test changes.
class FakeHttp final : public Http {
  public:
    Result<std::string> post(const std::string& url, const std::string& body) override {
        asked.push_back({url, body});
        if (body.find("GetSystemDateAndTime") != std::string::npos) return time;
        if (body.find("GetCapabilities") != std::string::npos) return capabilities;
        if (body.find("GetProfiles") != std::string::npos) return profiles;
        if (body.find("GetStreamUri") != std::string::npos) {
            const bool main = body.find(">big<") != std::string::npos;
            return soap("<t:GetStreamUriResponse><t:MediaUri><s:Uri>rtsp://" + stream_host +
                        (main ? "/1" : "/2") + "</s:Uri></t:MediaUri></t:GetStreamUriResponse>");
        }
        return soap("<d:GetDeviceInformationResponse><d:Model>M1</d:Model></d:GetDeviceInformationResponse>");
    }

    struct Asked {
        std::string url, body;
    };
    std::vector<Asked> asked;
    std::string time = soap(
        "<GetSystemDateAndTimeResponse><SystemDateAndTime><UTCDateTime><Time><Hour>0</Hour><Minute>1</"
        "Minute><Second>30"
        "</Second></Time><Date><Year>2026</Year><Month>3</Month><Day>1</Day></Date></UTCDateTime></"
        "SystemDateAndTime>"
        "</GetSystemDateAndTimeResponse>");
    std::string capabilities = soap(
        "<GetCapabilitiesResponse><Capabilities><Media><XAddr>http://10.0.0.5/media</XAddr></Media></"
        "Capabilities>"
        "</GetCapabilitiesResponse>");
    std::string profiles = soap("<GetProfilesResponse>" + profile("small", "H264", 640, 360) +
                                profile("big", "H265", 1920, 1080) + "</GetProfilesResponse>");
    std::string stream_host = "10.0.0.5:554";
};

constexpr const char* kFault =
    "<e:Fault><e:Code><e:Subcode><e:Value>ter:NotAuthorized</e:Value></e:Subcode></e:Code></e:Fault>";

struct Asking {
    test::FakeClock clock;
    FakeHttp http;
    ipc::FinderDescribe asked{"http://10.0.0.5/onvif/device_service", "admin", "pa<ss"};
    Result<ipc::CameraDescription> run() { return describeDevice(http, clock, asked); }
};

TEST_CASE("onvif: streams are asked for, the largest is recorded and a small one watched", "[onvif]") {
    Asking f;
    const auto got = f.run();
    REQUIRE(got);
    REQUIRE(got->streams.size() == 2);
    CHECK(got->streams[got->main].url == "rtsp://10.0.0.5:554/1");
    CHECK(got->streams[got->main].codec == "h265");
    CHECK(got->streams[got->main].fps == 25);
    REQUIRE(got->sub);
    CHECK(got->streams[*got->sub].url == "rtsp://10.0.0.5:554/2");
    CHECK(got->model == "M1");
    CHECK(f.http.asked[0].body.find("Password") == std::string::npos);
    CHECK(f.http.asked[1].body.find("pa<ss") == std::string::npos);
    CHECK(f.http.asked[1].body.find("PasswordDigest") != std::string::npos);
}

TEST_CASE("onvif: tokens are made by the camera's clock", "[onvif]") {
    Asking f;
    f.clock.setWall({WallTime(std::chrono::sys_days(std::chrono::year(2026) / 3 / 1).time_since_epoch()),
                     WallQuality::Ntp,
                     {}});
    const auto got = f.run();
    REQUIRE(got);
    CHECK(got->clock_ahead_s == 90);
    CHECK(f.http.asked[1].body.find("<u:Created>2026-03-01T00:01:30Z") != std::string::npos);
}

TEST_CASE("onvif: the digest is that of the WS-UsernameToken profile", "[onvif]") {
    // The example of ONVIF's Application Programmer's Guide 1.0, 6.1.1.3.
    const auto nonce = fromBase64("LKqI6G/AikKCQrN0zqZFlg==");
    REQUIRE(nonce);
    const Token token{"user", "userpassword", std::string(asText(*nonce)), "2010-09-16T07:50:45Z"};
    CHECK(passwordDigest(token) == "tuOSpGlFlIXsozq4HFNeeGeFLEI=");
}

TEST_CASE("onvif: addresses of other hosts are refused", "[onvif]") {
    Asking f;
    f.http.stream_host = "10.0.0.6";
    REQUIRE_FALSE(f.run());
    Asking g;
    g.http.capabilities = soap(
        "<GetCapabilitiesResponse><Capabilities><Media><XAddr>http://192.0.2.1/</XAddr></Media></"
        "Capabilities>"
        "</GetCapabilitiesResponse>");
    const auto got = g.run();
    REQUIRE_FALSE(got);
    CHECK(got.error().context.find("another host") != std::string::npos);
}

TEST_CASE("onvif: a wrong password is told apart from a broken camera", "[onvif]") {
    Asking f;
    f.http.capabilities = soap(kFault);
    CHECK(f.run().error().kind == ErrorKind::PermissionDenied);
    Asking g;
    g.http.profiles = "<html>";
    CHECK(g.run().error().kind == ErrorKind::Corruption);
    Asking h;
    h.asked.service_url = "file:///etc/passwd";
    CHECK(h.run().error().kind == ErrorKind::InvalidArgument);
    CHECK(h.http.asked.empty());
}

TEST_CASE("onvif: a clock that makes no sense is taken to be right", "[onvif]") {
    Asking f;
    f.http.time = soap("<GetSystemDateAndTimeResponse/>");
    const auto got = f.run();
    REQUIRE(got);
    CHECK_FALSE(got->clock_ahead_s);
}

TEST_CASE("onvif: without a smaller stream the main one is watched, JPEG is none", "[onvif]") {
    const std::vector<ipc::OfferedStream> one{{"a", "", "jpeg", 1920, 1080, 0, 0},
                                              {"b", "", "h264", 640, 480, 0, 0}};
    const auto choice = chooseStreams(one);
    REQUIRE(choice);
    CHECK(choice->main == 1);
    CHECK_FALSE(choice->sub);
    CHECK_FALSE(chooseStreams(std::span(one).first(1)));
    const std::vector<ipc::OfferedStream> three{{"a", "", "h264", 1280, 720, 0, 0},
                                                {"b", "", "h264", 320, 240, 0, 0},
                                                {"c", "", "h264", 640, 360, 0, 0}};
    CHECK(chooseStreams(three)->sub == 2);
}

TEST_CASE("onvif: addresses are read strictly", "[onvif]") {
    CHECK(parseHostUrl("http://Cam.LAN:80/x", "http://")->host == "cam.lan");
    CHECK(parseHostUrl("http://[fe80::1]:80/x", "http://")->host == "fe80::1");
    for (const char* bad :
         {"http://", "http://a b/", "http://u@h/", "http://h:0/", "http://h:99999/", "http://h:/x",
          "http://[::1/", "http://[::1]x/", "ftp://h/", "http://h\\@evil/", "http://h\n/"}) {
        INFO(bad);
        CHECK_FALSE(parseHostUrl(bad, "http://"));
    }
    CHECK_FALSE(parseHostUrl("http://h/" + std::string(kMostUrl_bytes, 'x'), "http://"));
}

TEST_CASE("port scan: the own subnet without oneself, never more than 256 hosts", "[onvif]") {
    const auto subnet = [](std::uint32_t address, std::uint32_t mask) {
        return Subnet{{htonl(address)}, {htonl(mask)}};
    };
    const auto small = hostsOf(subnet(0xC0A80105, 0xFFFFFFF8));
    CHECK(small == std::vector<std::uint32_t>{0xC0A80101, 0xC0A80102, 0xC0A80103, 0xC0A80104, 0xC0A80106});
    CHECK(hostsOf(subnet(0x0A000105, 0xFF000000)).size() == 253);
    CHECK(hostsOf(subnet(0x0A000105, 0xFFFFFFFF)).empty());
}

}  // namespace
}  // namespace camgate::onvif
