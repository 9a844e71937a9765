// The highest envelope counter seen of each signer, durable: what keeps a recorded command from being sent
// again. Same thread as openEnvelope().
#pragma once

#include <cstdint>
#include <string_view>

#include "base/result.hpp"

namespace camgate::evidence {

class CounterStore {
  public:
    virtual ~CounterStore() = default;
    /// 0: none seen yet. `signer` is a certificate's fingerprint.
    [[nodiscard]] virtual Result<std::uint64_t> highest(std::string_view signer) = 0;
    /// Durable when it returns.
    [[nodiscard]] virtual Status store(std::string_view signer, std::uint64_t counter) = 0;
};

}  // namespace camgate::evidence
