#include "app/card_life.hpp"

#include <algorithm>
#include <array>

#include "base/bytes.hpp"

namespace camgate::app {
namespace {

/// Shorter, the zeros written ahead of the writer weigh too much.
constexpr Duration kLeastMeasured = std::chrono::minutes(1);
constexpr double kSecondsPerDay = 86400;
constexpr double kTerabyte = 1e12;
/// JEDEC JESD84-B51, DEVICE_LIFE_TIME_EST: 1 is up to 10 % used, 11 is beyond what was rated.
constexpr int kPercentPerStep = 10;
constexpr int kBeyond = 11;

std::optional<int> stepOf(std::string_view text) {
    if (text.size() != 4 || !text.starts_with("0x")) return std::nullopt;
    const auto byte = fromHex(text.substr(2));
    if (!byte) return std::nullopt;
    const int step = byte->front();
    return step >= 1 && step <= kBeyond ? std::optional(step) : std::nullopt;
}

}  // namespace

std::optional<double> writeRate(const CardUse& use) {
    if (use.measured < kLeastMeasured) return std::nullopt;
    return static_cast<double>(use.written_bytes) / std::chrono::duration<double>(use.measured).count();
}

std::optional<double> daysOfLife(const CardUse& use) {
    const auto rate = writeRate(use);
    if (!rate || *rate <= 0 || use.rated_tbw_tb <= 0) return std::nullopt;
    const double left = use.rated_tbw_tb * kTerabyte - static_cast<double>(use.written_ever_bytes);
    return std::max(0.0, left) / *rate / kSecondsPerDay;
}

std::optional<int> emmcLifeUsed(FileSystem& files, const std::string& path) {
    const auto medium = files.mediumOf(path);
    if (!medium) return std::nullopt;
    auto file = files.open(*medium + "/device/life_time", OpenMode::ReadOnly);
    std::array<std::uint8_t, 9> text{};  // "0x01 0x02"
    if (!file || !(*file)->readAt(0, text)) return std::nullopt;
    const auto first = stepOf(asText(text).substr(0, 4));
    const auto second = stepOf(asText(text).substr(5));
    if (!first && !second) return std::nullopt;
    return std::max(first.value_or(0), second.value_or(0)) * kPercentPerStep;
}

}  // namespace camgate::app
