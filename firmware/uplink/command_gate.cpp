#include "uplink/command_gate.hpp"

#include <utility>

namespace camgate::uplink {
namespace {

class OutboxCounters final : public evidence::CounterStore {
  public:
    explicit OutboxCounters(outbox::Outbox& outbox) : outbox_(outbox) {}
    Result<std::uint64_t> highest(std::string_view signer) override { return outbox_.highestCounter(signer); }
    Status store(std::string_view signer, std::uint64_t counter) override {
        return outbox_.storeCounter(signer, counter);
    }

  private:
    outbox::Outbox& outbox_;
};

}  // namespace

CommandGate::CommandGate(std::string gateway, std::vector<crypto::Certificate> signers,
                         crypto::Certificate authority, std::vector<std::string> revoked)
    : gateway_(std::move(gateway)),
      signers_(std::move(signers)),
      authority_(std::move(authority)),
      revoked_(std::move(revoked)) {}

std::expected<evidence::OpenedEnvelope, evidence::EnvelopeFault> CommandGate::open(
    std::string_view text, std::string_view command, const WallReading& now, outbox::Outbox& counters,
    std::span<const std::string> challenges) const {
    OutboxCounters store(counters);
    return evidence::openEnvelope(
        text, {gateway_, command, signers_, authority_, now, store, challenges, revoked_});
}

void CommandGate::follow(const Trust& trust) {
    auto authority = crypto::Certificate::fromPem(trust.authorityPem());
    if (!authority) return;  // a document was read whole before it is followed
    authority_ = std::move(*authority);
    signers_ = hubsFor(trust, crypto::Purpose::Command);
    revoked_ = trust.revoked;
}

}  // namespace camgate::uplink
