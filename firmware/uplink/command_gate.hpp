// Who may command this gateway: the authority, the signers' certificates and what is revoked. Opens envelopes
// on the state thread, where the counters are; only there it follows another trust, and nothing else may
// touch the certificates. Implements docs/ref/evidence.md (Envelope).
#pragma once

#include <expected>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "crypto/certificate.hpp"
#include "evidence/envelope.hpp"
#include "outbox/outbox.hpp"
#include "uplink/trust.hpp"

namespace camgate::uplink {

class CommandGate {
  public:
    CommandGate(std::string gateway, std::vector<crypto::Certificate> signers, crypto::Certificate authority,
                std::vector<std::string> revoked = {});

    std::expected<evidence::OpenedEnvelope, evidence::EnvelopeFault> open(
        std::string_view text, std::string_view command, const WallReading& now, outbox::Outbox& counters,
        std::span<const std::string> challenges = {}) const;
    /// From the next envelope on.
    void follow(const Trust& trust);

  private:
    std::string gateway_;
    std::vector<crypto::Certificate> signers_;
    crypto::Certificate authority_;
    std::vector<std::string> revoked_;
};

}  // namespace camgate::uplink
