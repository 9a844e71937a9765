#include "app/byte_rate.hpp"

namespace camgate::app {
namespace {

constexpr Duration kLongest = std::chrono::minutes(1);
constexpr Duration kShortestMeasured = std::chrono::seconds(10);

}  // namespace

void ByteRate::note(BootTime now, std::uint64_t bytes_so_far) {
    if (!readings_.empty() && bytes_so_far < readings_.back().bytes) readings_.clear();
    readings_.push_back({now, bytes_so_far});
    while (readings_.size() > 2 && now - readings_[1].at >= kLongest) readings_.pop_front();
}

std::optional<double> ByteRate::perSecond() const {
    if (readings_.empty()) return std::nullopt;
    const Duration measured = readings_.back().at - readings_.front().at;
    if (measured < kShortestMeasured) return std::nullopt;
    const auto bytes = static_cast<double>(readings_.back().bytes - readings_.front().bytes);
    return bytes / std::chrono::duration<double>(measured).count();
}

}  // namespace camgate::app
