#include "ring/pin_table.hpp"

#include <algorithm>
#include <string>

namespace camgate::ring {
namespace {

/// Pins may hold this part of the ring.
constexpr std::uint32_t kShare = 4;

}  // namespace

PinTable::PinTable(std::uint32_t extents, const Clock& clock)
    : clock_(clock), most_(std::max<std::size_t>(1, extents / kShare)) {}

Result<PinId> PinTable::pin(std::set<std::uint32_t> extents, BootTime until) {
    std::erase_if(pins_, [this](const auto& entry) { return entry.second.until <= clock_.bootNow(); });
    std::set<std::uint32_t> all = held();
    all.insert(extents.begin(), extents.end());
    if (all.size() > most_) {
        return fail(ErrorKind::Unavailable, "clips hold " + std::to_string(all.size()) +
                                                " extents of the ring, at most " + std::to_string(most_) +
                                                " may be held");
    }
    const PinId id = next_++;
    pins_.emplace(id, Pin{std::move(extents), until});
    return id;
}

void PinTable::unpin(PinId pin) {
    pins_.erase(pin);
}

bool PinTable::holds(std::uint32_t extent) const {
    const BootTime now = clock_.bootNow();
    return std::ranges::any_of(pins_, [extent, now](const auto& entry) {
        return entry.second.until > now && entry.second.extents.contains(extent);
    });
}

std::uint32_t PinTable::extentsHeld() const {
    return static_cast<std::uint32_t>(held().size());
}

std::set<std::uint32_t> PinTable::held() const {
    const BootTime now = clock_.bootNow();
    std::set<std::uint32_t> extents;
    for (const auto& [id, pin] : pins_) {
        if (pin.until > now) extents.insert(pin.extents.begin(), pin.extents.end());
    }
    return extents;
}

}  // namespace camgate::ring
