// A datagram that comes back on a WS-Discovery probe, from anybody on the household's network.
#include "camera/onvif/discovery.hpp"
#include "camera/onvif/http_url.hpp"
#include "camera/onvif/xml.hpp"
#include "fuzz/fuzz_target.hpp"
#include "ipc/finder_messages.hpp"

namespace camgate::fuzz {

namespace {
constexpr std::string_view kId = "urn:uuid:1";
constexpr std::string_view kSender = "10.0.0.5";
}  // namespace

bool readHostile(ByteView input) {
    const auto found = onvif::parseProbeMatch(asText(input), kId, kSender);
    if (!found) {
        require(!found.error().context.empty(), "a refusal says why");
        return false;
    }
    require(onvif::parseHostUrl(found->service_url, "http://")->host == kSender,
            "an address leads to its sender");
    const std::vector<ipc::FoundCamera> list{
        {std::string(kSender), found->service_url, found->name, found->hardware}};
    require(ipc::decodeFound(ipc::encode(list)) == list, "camgated takes what was read");
    return true;
}

std::vector<Bytes> seeds() {
    const std::string text =
        "<s:Envelope "
        "xmlns:s=\"x\"><s:Header><RelatesTo>urn:uuid:1</RelatesTo></"
        "s:Header><s:Body><ProbeMatches><ProbeMatch>"
        "<Scopes>onvif://www.onvif.org/name/a%20b onvif://www.onvif.org/hardware/c</Scopes>"
        "<XAddrs>http://10.0.0.6/ "
        "http://10.0.0.5/onvif/device_service</XAddrs></ProbeMatch></ProbeMatches></s:Body></s:Envelope>";
    return {Bytes(text.begin(), text.end())};
}

}  // namespace camgate::fuzz
