// What a gateway hands in to be certified, and what it gets back.
#include "fuzz/fuzz_target.hpp"
#include "support/uplink/made_authority.hpp"

namespace camgate::fuzz {

using namespace uplink;

bool readHostile(ByteView input) {
    if (input.empty()) return false;
    const auto text = asText(input.subspan(1));
    if (input[0] % 2 == 0) {
        const auto request = readEnrolmentRequest(text);
        if (!request) return false;
        require(isGatewayId(request->gateway) && request->requests.size() == kGatewayRoles.size(),
                "a request is of a gateway, for all its keys");
        return true;
    }
    const auto bundle = readCertificateBundle(text);
    if (!bundle) return false;
    require(readCertificateBundle(toJson(*bundle)).has_value(), "what was read can be written");
    return true;
}

std::vector<Bytes> seeds() {
    const auto keys = GatewayKeys::generate().value();
    const std::string request = makeEnrolmentRequest(keys, "cg-1", "CODE").value();
    const auto bundle = test::MadeAuthority().certify(readEnrolmentRequest(request).value());
    return {chosen(0, asBytes(request)), chosen(1, asBytes(toJson(bundle)))};
}

}  // namespace camgate::fuzz
