// A clip's manifest: bare and as a signed document.
#include "fuzz/fuzz_target.hpp"
#include "support/crypto/golden_pki.hpp"
#include "support/evidence/samples.hpp"

namespace camgate::fuzz {
namespace {

using namespace evidence;

enum Reader : std::uint8_t { Bare, Signed, Readers };

bool readBare(std::string_view text) {
    const auto manifest = parseManifest(text);
    if (!manifest) {
        require(!manifest.error().context.empty(), "a refusal says why");
        return false;
    }
    // Times are written in milliseconds and may be read finer: it is the written form that has to last.
    const std::string written = toJsonText(*manifest);
    const auto again = parseManifest(written);
    require(again.has_value() && toJsonText(*again) == written, "what is written reads back");
    return true;
}

bool readSigned(std::string_view text) {
    static const auto authority = test::goldenCertificate("ca");
    const auto verified = verifyManifest(text, authority, test::wall("2030-01-01T12:00:00Z"));
    if (verified)
        require(verified->manifest == test::sampleManifest(), "nothing but what was signed verifies");
    return verified.has_value();
}

}  // namespace

bool readHostile(ByteView input) {
    if (input.empty()) return false;
    const std::string_view text = asText(input.subspan(1));
    return input[0] % Readers == Bare ? readBare(text) : readSigned(text);
}

std::vector<Bytes> seeds() {
    const Manifest manifest = test::sampleManifest();
    const std::string signed_text =
        signManifest(manifest, std::string(64, 'a'), test::goldenIdentity("evidence")).value();
    return {chosen(Bare, asBytes(toJsonText(manifest))), chosen(Signed, asBytes(signed_text))};
}

}  // namespace camgate::fuzz
