// A trust document as anybody who may publish on the topic sends it, and the file it is kept in.
#include "uplink/trust.hpp"
#include "fuzz/fuzz_target.hpp"
#include "support/crypto/golden_pki.hpp"
#include "support/uplink/made_authority.hpp"

namespace camgate::fuzz {

using namespace uplink;

namespace {

const test::MadeAuthority& root() {
    static const test::MadeAuthority authority;
    return authority;
}

Trust sample() {
    return {3,
            {root().pem()},
            {test::goldenText("crypto/hub-command.pem"), test::goldenText("crypto/receive.pem")},
            {std::string(64, 'a')}};
}

}  // namespace

bool readHostile(ByteView input) {
    const auto read = readVerifiedTrust(asText(input));
    const auto verified = verifyTrust(asText(input), {root().pem()});
    require(!verified || (read && *read == sample()), "nothing but what was signed is believed");
    if (!read) return false;
    require(read->version > 0 && !read->authorities.empty(), "a document has a version and an authority");
    for (const auto& pem : read->hubs)
        require(crypto::Certificate::fromPem(pem).has_value(), "what is listed can be read");
    require(hubsFor(*read, crypto::Purpose::Command).size() <= read->hubs.size(), "purposes choose");
    return true;
}

std::vector<Bytes> seeds() {
    const std::string text = root().trust(sample());
    const ByteView bytes = asBytes(text);
    return {Bytes(bytes.begin(), bytes.end())};
}

}  // namespace camgate::fuzz
