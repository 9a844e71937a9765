#include "console/duration_text.hpp"

#include <charconv>

#include "console/language.hpp"

namespace camgate::console {
namespace {

constexpr std::uint32_t kMost = 100'000;

}  // namespace

Result<std::chrono::seconds> parseDuration(const std::string& typed) {
    std::uint32_t number = 0;
    const char* const end = typed.data() + typed.size();
    const auto [unit, error] = std::from_chars(typed.data(), end, number);
    const bool sound = error == std::errc() && number > 0 && number <= kMost && end - unit == 1;
    if (sound && *unit == 'm') return std::chrono::minutes(number);
    if (sound && *unit == 'h') return std::chrono::hours(number);
    if (sound && *unit == 'd') return std::chrono::days(number);
    return fail(ErrorKind::InvalidArgument,
                "\"" + typed + "\": " + tr("expected a number of minutes, hours or days: 30m, 2h, 3d"));
}

}  // namespace camgate::console
