// The codec between camgated and a link worker, both ways: neither side trusts the other.
#include "ipc/link_messages.hpp"
#include "fuzz/fuzz_target.hpp"

namespace camgate::fuzz {

using namespace ipc;

bool readHostile(ByteView input) {
    if (input.empty()) return false;
    const ByteView rest = input.subspan(1);
    const auto encoded = [](const auto& message) { return encode(message); };
    switch (input[0] % 6) {
        case 0:
            return sameAgain(decodeLinkSettings(rest), rest, encoded);
        case 1:
            return sameAgain(decodePublishRequest(rest), rest, encoded);
        case 2:
            return sameAgain(decodeLinkReport(rest), rest, encoded);
        case 3:
            return sameAgain(decodePublished(rest), rest, encoded);
        case 4:
            return sameAgain(decodeMqttMessage(rest), rest, encoded);
        default:
            return sameAgain(decodePace(rest), rest, encodePace);
    }
}

std::vector<Bytes> seeds() {
    LinkSettings settings;
    settings.host = "broker.example";
    settings.ca_pem = settings.certificate_pem = settings.key_pem = "-----BEGIN";
    settings.client_id = "cg-1";
    settings.subscriptions = {"camgate/v1/cg-1/receipt", "camgate/v1/cg-1/command/+"};
    settings.will_topic = "camgate/v1/cg-1/status";
    settings.will_payload = "{}";
    const MqttMessage message{"camgate/v1/cg-1/receipt", {1, 2, 3}, "application/json", "back", {9}, true};
    return {chosen(0, encode(settings)),
            chosen(1, encode(PublishRequest{7, 60, message})),
            chosen(2, encode(LinkReport{LinkState::Up, "fine", true, 16, 40, true})),
            chosen(3, encode(Published{7, 0x87})),
            chosen(4, encode(message)),
            chosen(5, encodePace(62'720))};
}

}  // namespace camgate::fuzz
