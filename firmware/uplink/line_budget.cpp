#include "uplink/line_budget.hpp"

#include <algorithm>

namespace camgate::uplink {
namespace {

constexpr std::uint64_t kNanosecondsPerSecond = 1'000'000'000;
/// Debt beyond this is forgiven: a burst of alarms must not stop clips for good.
constexpr Duration kLongestDebt = std::chrono::seconds(10);

}  // namespace

LineBudget::LineBudget(const Clock& clock, std::uint32_t cap_kbps) : clock_(clock) {
    setCap(cap_kbps);
}

void LineBudget::setCap(std::uint32_t cap_kbps) {
    bytes_per_s_ = std::uint64_t{std::max(cap_kbps, 1U)} * 1000 / 8;
}

Duration LineBudget::wait() const {
    return std::max(free_at_ - clock_.bootNow(), Duration::zero());
}

void LineBudget::charge(std::size_t bytes) {
    const BootTime now = clock_.bootNow();
    const Duration cost(static_cast<std::int64_t>(bytes * kNanosecondsPerSecond / bytes_per_s_));
    free_at_ = std::min(std::max(free_at_, now) + cost, std::max(now + kLongestDebt, now + cost));
}

}  // namespace camgate::uplink
