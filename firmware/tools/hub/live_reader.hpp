// The parts of one live view to its files. Parts come in order; a part that is missing makes what follows
// useless up to the next file. Pure, one thread. Implements docs/ref/mqtt.md (live).
#pragma once

#include <optional>
#include <string>

#include "base/bytes.hpp"
#include "crypto/hpke.hpp"

namespace camgate::hub {

class LiveReader {
  public:
    /// `seal`: none, parts come in clear.
    explicit LiveReader(std::optional<crypto::HpkeContext> seal) : seal_(std::move(seal)) {}

    struct Part {
        Bytes bytes;  ///< to be put behind what came before; empty: of no use
        bool starts_file = false;
        std::string end_reason;  ///< nothing follows; empty: more does
    };
    /// Corruption: no part of this view.
    [[nodiscard]] Result<Part> take(ByteView message);
    std::uint32_t lost() const { return lost_; }

  private:
    std::optional<crypto::HpkeContext> seal_;
    std::uint32_t next_ = 0;
    std::uint32_t lost_ = 0;
    bool whole_ = false;  // the file so far
};

}  // namespace camgate::hub
