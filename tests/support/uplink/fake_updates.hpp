// The daemon's updates as uplink sees them: takes orders, and a bundle piece by piece, in order, onto a card
// that may keep it waiting. One thread.
#pragma once

#include <deque>
#include <optional>
#include <stdexcept>
#include <vector>

#include "crypto/hash.hpp"
#include "uplink/providers.hpp"

namespace camgate::test {

class FakeUpdates final : public uplink::FirmwareUpdates {
  public:
    void order(const uplink::UpdateOrder& order, std::function<void(Result<std::string>)> answer) override {
        orders.push_back(order);
        answer(said);
    }
    std::string statusJson() const override { return status; }
    std::optional<uplink::WantedBundle> wantedBundle() const override {
        if (!wants || failed) return std::nullopt;
        return uplink::WantedBundle{sha256, bundle.size(), taken.size(), since};
    }
    void deliver(std::uint64_t offset, Bytes bytes, std::function<void(Status)> written) override {
        if (offset != taken.size() || bytes.empty() || bytes.size() > bundle.size() - taken.size())
            throw std::runtime_error("a piece that does not follow");
        taken.insert(taken.end(), bytes.begin(), bytes.end());
        if (card_waits) return unwritten.push_back(std::move(written));
        written({});
    }
    void undeliverable(const Error& why) override { failed = why; }

    void want(Bytes bytes, WallTime ordered) {
        bundle = std::move(bytes);
        sha256 = toHex(crypto::sha256(bundle));
        since = ordered;
        taken.clear();
        wants = true;
    }
    void cardGoesOn() {
        card_waits = false;
        for (auto& written : std::exchange(unwritten, {})) written({});
    }

    std::vector<uplink::UpdateOrder> orders;
    Result<std::string> said = std::string(R"({"phase":"downloading"})");
    std::string status;
    Bytes bundle;
    std::string sha256;
    Bytes taken;
    WallTime since{};
    bool wants = false;
    bool card_waits = false;
    std::deque<std::function<void(Status)>> unwritten;
    std::optional<Error> failed;
};

}  // namespace camgate::test
