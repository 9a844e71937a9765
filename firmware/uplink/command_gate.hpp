// Who may command this gateway: the pinned authority and the signers' certificates. Opens envelopes on the
// state thread, where the counters are; nothing else may touch the certificates. Implements
// docs/ref/evidence.md (Envelope).
#pragma once

#include <expected>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "crypto/certificate.hpp"
#include "evidence/envelope.hpp"
#include "outbox/outbox.hpp"

namespace camgate::uplink {

class CommandGate {
  public:
    CommandGate(std::string gateway, std::vector<crypto::Certificate> signers, crypto::Certificate authority);

    std::expected<evidence::OpenedEnvelope, evidence::EnvelopeFault> open(
        std::string_view text, std::string_view command, const WallReading& now, outbox::Outbox& counters,
        std::span<const std::string> challenges = {}) const;

  private:
    std::string gateway_;
    std::vector<crypto::Certificate> signers_;
    crypto::Certificate authority_;
};

}  // namespace camgate::uplink
