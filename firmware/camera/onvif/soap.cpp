#include "camera/onvif/soap.hpp"

#include <algorithm>

#include "base/bytes.hpp"
#include "base/markup.hpp"
#include "camera/onvif/http_url.hpp"
#include "camera/onvif/xml.hpp"
#include "crypto/sha1.hpp"

namespace camgate::onvif {
namespace {

constexpr std::size_t kMostToken_bytes = 64;
constexpr std::size_t kMostText_bytes = 100;
constexpr std::uint32_t kMostSide_px = 16'384;

constexpr std::string_view kSecurity =
    "http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-secext-1.0.xsd";
constexpr std::string_view kUtility =
    "http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-utility-1.0.xsd";
constexpr std::string_view kDigestType =
    "http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-username-token-profile-1.0#PasswordDigest";
constexpr std::string_view kBase64Type =
    "http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-soap-message-security-1.0#Base64Binary";

using Document = std::unique_ptr<pugi::xml_document>;

/// The fault's own words, for people.
Error faultOf(const pugi::xml_node& fault) {
    std::string words;
    const auto add = [&words](const std::string& text) {
        if (!text.empty()) words += (words.empty() ? "" : ", ") + text;
    };
    add(textAt(fault, "Code/Subcode/Value", kMostText_bytes));
    add(textAt(fault, "Code/Subcode/Subcode/Value", kMostText_bytes));
    add(textAt(fault, "Reason/Text", kMostText_bytes));
    const bool denied = words.find("NotAuthorized") != std::string::npos ||
                        words.find("FailedAuthentication") != std::string::npos ||
                        words.find("SenderNotAuthorized") != std::string::npos;
    return {denied ? ErrorKind::PermissionDenied : ErrorKind::Unavailable, 0,
            denied ? "the camera does not accept user and password"
                   : "the camera refused" + (words.empty() ? std::string() : ": " + words)};
}

/// The body's node of that name, which lives as long as `document`.
Result<pugi::xml_node> bodyOf(const Document& document, std::string_view name) {
    const pugi::xml_node body = nodeAt(*document, "Envelope/Body");
    if (const auto fault = childOf(body, "Fault")) return std::unexpected(faultOf(fault));
    const pugi::xml_node answer = childOf(body, name);
    if (!answer) return fail(ErrorKind::Corruption, "the camera's answer is no " + std::string(name));
    return answer;
}

std::string codecOf(std::string encoding) {
    std::ranges::transform(encoding, encoding.begin(), [](char c) {
        return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
    });
    std::erase_if(encoding, [](char c) { return c < '0' || (c > '9' && c < 'a') || c > 'z'; });
    return encoding;
}

}  // namespace

std::string passwordDigest(const Token& token) {
    return toBase64(crypto::sha1(asBytes(token.nonce + token.created + token.password)));
}

std::string envelope(std::string_view body, const std::optional<Token>& token) {
    std::string out = R"(<?xml version="1.0" encoding="UTF-8"?>)"
                      R"(<s:Envelope xmlns:s="http://www.w3.org/2003/05/soap-envelope"><s:Header>)";
    if (token) {
        out += R"(<o:Security s:mustUnderstand="1" xmlns:o=")" + std::string(kSecurity) + R"(" xmlns:u=")" +
               std::string(kUtility) + R"("><o:UsernameToken><o:Username>)" + escapeMarkup(token->user) +
               R"(</o:Username><o:Password Type=")" + std::string(kDigestType) + "\">" +
               passwordDigest(*token) + R"(</o:Password><o:Nonce EncodingType=")" + std::string(kBase64Type) +
               "\">" + toBase64(asBytes(token->nonce)) + "</o:Nonce><u:Created>" +
               escapeMarkup(token->created) + "</u:Created></o:UsernameToken></o:Security>";
    }
    return out + "</s:Header><s:Body>" + std::string(body) + "</s:Body></s:Envelope>";
}

std::string getSystemDateAndTime() {
    return R"(<GetSystemDateAndTime xmlns="http://www.onvif.org/ver10/device/wsdl"/>)";
}

std::string getCapabilities() {
    return R"(<GetCapabilities xmlns="http://www.onvif.org/ver10/device/wsdl"><Category>Media</Category>)"
           "</GetCapabilities>";
}

std::string getDeviceInformation() {
    return R"(<GetDeviceInformation xmlns="http://www.onvif.org/ver10/device/wsdl"/>)";
}

std::string getProfiles() {
    return R"(<GetProfiles xmlns="http://www.onvif.org/ver10/media/wsdl"/>)";
}

std::string getStreamUri(std::string_view profile_token) {
    return R"(<GetStreamUri xmlns="http://www.onvif.org/ver10/media/wsdl"><StreamSetup>)"
           R"(<Stream xmlns="http://www.onvif.org/ver10/schema">RTP-Unicast</Stream>)"
           R"(<Transport xmlns="http://www.onvif.org/ver10/schema"><Protocol>RTSP</Protocol></Transport>)"
           "</StreamSetup><ProfileToken>" +
           escapeMarkup(profile_token) + "</ProfileToken></GetStreamUri>";
}

Result<WallTime> readSystemDateAndTime(std::string_view answer) {
    const auto document = parseXml(answer);
    if (!document) return std::unexpected(document.error());
    const auto body = bodyOf(*document, "GetSystemDateAndTimeResponse");
    if (!body) return std::unexpected(body.error());
    const pugi::xml_node utc = nodeAt(*body, "SystemDateAndTime/UTCDateTime");
    const auto year = static_cast<int>(numberAt(utc, "Date/Year", 2200));
    const std::chrono::year_month_day date{std::chrono::year(year),
                                           std::chrono::month(numberAt(utc, "Date/Month", 12)),
                                           std::chrono::day(numberAt(utc, "Date/Day", 31))};
    if (year < 1970 || !date.ok()) return fail(ErrorKind::Corruption, "the camera tells no time");
    const auto day = std::chrono::sys_days(date).time_since_epoch();
    return WallTime(std::chrono::hours(numberAt(utc, "Time/Hour", 23)) +
                    std::chrono::minutes(numberAt(utc, "Time/Minute", 59)) +
                    std::chrono::seconds(numberAt(utc, "Time/Second", 60)) + Duration(day));
}

Result<std::string> readMediaUrl(std::string_view answer, std::string_view host) {
    const auto document = parseXml(answer);
    if (!document) return std::unexpected(document.error());
    const auto body = bodyOf(*document, "GetCapabilitiesResponse");
    if (!body) return std::unexpected(body.error());
    std::string url = textAt(*body, "Capabilities/Media/XAddr", kMostUrl_bytes + 1);
    if (url.empty()) return fail(ErrorKind::Corruption, "the camera names no media service");
    if (!leadsTo(url, "http://", host))
        return fail(ErrorKind::Corruption, "the camera's media service is at another host than the camera");
    return url;
}

Result<DeviceInformation> readDeviceInformation(std::string_view answer) {
    const auto document = parseXml(answer);
    if (!document) return std::unexpected(document.error());
    const auto body = bodyOf(*document, "GetDeviceInformationResponse");
    if (!body) return std::unexpected(body.error());
    return DeviceInformation{textAt(*body, "Manufacturer", kMostText_bytes),
                             textAt(*body, "Model", kMostText_bytes),
                             textAt(*body, "FirmwareVersion", kMostText_bytes)};
}

Result<std::vector<Profile>> readProfiles(std::string_view answer) {
    const auto document = parseXml(answer);
    if (!document) return std::unexpected(document.error());
    const auto body = bodyOf(*document, "GetProfilesResponse");
    if (!body) return std::unexpected(body.error());
    std::vector<Profile> out;
    for (const pugi::xml_node& node : body->children()) {
        if (localName(node) != "Profiles" || out.size() == ipc::kMostOfferedStreams) continue;
        const pugi::xml_node encoder = childOf(node, "VideoEncoderConfiguration");
        const std::string_view token = node.attribute("token").value();
        if (!encoder || token.empty() || token.size() > kMostToken_bytes) continue;
        Profile profile;
        profile.token = token;
        profile.stream.name = textAt(node, "Name", kMostText_bytes);
        profile.stream.codec = codecOf(textAt(encoder, "Encoding", 16));
        profile.stream.width_px = numberAt(encoder, "Resolution/Width", kMostSide_px);
        profile.stream.height_px = numberAt(encoder, "Resolution/Height", kMostSide_px);
        profile.stream.fps = numberAt(encoder, "RateControl/FrameRateLimit", 1000);
        profile.stream.kbps = numberAt(encoder, "RateControl/BitrateLimit", 1'000'000);
        out.push_back(std::move(profile));
    }
    return out;
}

Result<std::string> readStreamUri(std::string_view answer, std::string_view host) {
    const auto document = parseXml(answer);
    if (!document) return std::unexpected(document.error());
    const auto body = bodyOf(*document, "GetStreamUriResponse");
    if (!body) return std::unexpected(body.error());
    std::string url = textAt(*body, "MediaUri/Uri", kMostUrl_bytes + 1);
    if (!leadsTo(url, "rtsp://", host))
        return fail(ErrorKind::Corruption, "the camera's stream is at another host than the camera");
    return url;
}

}  // namespace camgate::onvif
