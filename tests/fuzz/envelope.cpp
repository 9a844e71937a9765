// A command as the hub, or anybody who reaches the broker, sends it.
#include "fuzz/fuzz_target.hpp"
#include "support/evidence/envelope_fixture.hpp"

namespace camgate::fuzz {

using namespace evidence;

bool readHostile(ByteView input) {
    static const auto gateway = [] { return test::EnvelopeFixture(); }();
    test::MemoryCounterStore counters;
    const auto opened = openEnvelope(asText(input), {gateway.gateway, gateway.command, gateway.signers,
                                                     gateway.authority, gateway.now, counters});
    if (!opened) {
        require(!provenSigner(opened.error().refusal) || !opened.error().detail.empty(),
                "a refusal says why");
        require(counters.counters.empty() || provenSigner(opened.error().refusal),
                "nobody but a signer moves a counter");
        return false;
    }
    const EnvelopeDraft draft = test::sampleDraft();
    require(opened->payload == draft.payload && opened->counter == draft.counter,
            "nothing but what was signed is taken");
    return true;
}

std::vector<Bytes> seeds() {
    const std::string text = test::EnvelopeFixture().sealed(test::sampleDraft());
    const ByteView bytes = asBytes(text);
    return {Bytes(bytes.begin(), bytes.end())};
}

}  // namespace camgate::fuzz
