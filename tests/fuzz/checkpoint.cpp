// A ledger's checkpoint: bare and as a signed document.
#include "fuzz/fuzz_target.hpp"
#include "support/crypto/golden_pki.hpp"
#include "support/evidence/samples.hpp"

namespace camgate::fuzz {
namespace {

using namespace evidence;

enum Reader : std::uint8_t { Bare, Signed, Readers };

bool readBare(std::string_view text) {
    const auto checkpoint = parseCheckpoint(text);
    if (!checkpoint) {
        require(!checkpoint.error().context.empty(), "a refusal says why");
        return false;
    }
    // Times are written in milliseconds and may be read finer: it is the written form that has to last.
    const std::string written = canonicalText(*checkpoint);
    const auto again = parseCheckpoint(written);
    require(again.has_value() && canonicalText(*again) == written, "what is written reads back");
    return true;
}

bool readSigned(std::string_view text) {
    static const auto authority = test::goldenCertificate("ca");
    const auto verified = verifyCheckpoint(text, authority, test::wall("2030-01-01T12:00:00Z"));
    if (verified) {
        require(verified->digest == digestOf(test::sampleCheckpoint()),
                "nothing but what was signed verifies");
    }
    return verified.has_value();
}

}  // namespace

bool readHostile(ByteView input) {
    if (input.empty()) return false;
    const std::string_view text = asText(input.subspan(1));
    return input[0] % Readers == Bare ? readBare(text) : readSigned(text);
}

std::vector<Bytes> seeds() {
    const Checkpoint checkpoint = test::sampleCheckpoint();
    const std::string signed_text = signCheckpoint(checkpoint, test::goldenIdentity("evidence")).value();
    return {chosen(Bare, asBytes(canonicalText(checkpoint))), chosen(Signed, asBytes(signed_text))};
}

}  // namespace camgate::fuzz
