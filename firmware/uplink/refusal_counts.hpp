// What was refused, by reason, for telemetry. Reasons come from the protocol's tables, never from the
// message, so their number is bounded. Loop thread only.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>

namespace camgate::uplink {

class RefusalCounts {
  public:
    void add(std::string_view reason) { ++counts_[std::string(reason)]; }
    std::uint64_t of(std::string_view reason) const {
        const auto found = counts_.find(std::string(reason));
        return found == counts_.end() ? 0 : found->second;
    }
    const std::map<std::string, std::uint64_t>& all() const { return counts_; }

  private:
    std::map<std::string, std::uint64_t> counts_;
};

}  // namespace camgate::uplink
