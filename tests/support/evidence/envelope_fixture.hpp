// A gateway `cg-1` that trusts the golden hubs, and a hub that sends to it.
#pragma once

#include <vector>

#include "support/crypto/golden_pki.hpp"
#include "support/evidence/samples.hpp"

namespace camgate::test {

class EnvelopeFixture {
  public:
    EnvelopeFixture() {
        signers.push_back(goldenCertificate("hub-other"));
        signers.push_back(goldenCertificate("hub-command"));
    }

    std::string sealed(const evidence::EnvelopeDraft& draft,
                       const std::string& signer = "hub-command") const {
        return evidence::sealEnvelope(draft, goldenIdentity(signer)).value();
    }
    auto open(std::string_view text) {
        return evidence::openEnvelope(text, {gateway, command, signers, authority, now, counters});
    }
    /// The refusal's name, or "taken".
    std::string outcome(std::string_view text) {
        const auto opened = open(text);
        return opened ? "taken" : std::string(toString(opened.error().refusal));
    }

    std::string gateway = "cg-1";
    std::string command = "clip.request";
    std::vector<crypto::Certificate> signers;
    crypto::Certificate authority = goldenCertificate("ca");
    WallReading now{wall("2030-01-01T12:00:30Z"), WallQuality::Ntp, std::chrono::milliseconds(10)};
    MemoryCounterStore counters;
};

}  // namespace camgate::test
