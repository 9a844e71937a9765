// Hours of the week as people write them: "mon-fri 22:00-06:00, sat-sun 00:00-24:00". Without days every day
// is meant; an end that is not after its beginning is on the next day; no text at all is always. Plain value,
// any thread.
#pragma once

#include <string_view>
#include <vector>

#include "base/result.hpp"

namespace camgate::config {

constexpr std::string_view kHoursExpected = "hours such as \"22:00-06:00\" or \"mon-fri 08:00-18:00\"";

class WeekHours {
  public:
    /// InvalidArgument says what was found and what was expected.
    [[nodiscard]] static Result<WeekHours> parse(std::string_view text);

    /// Minutes since Monday 00:00, local time.
    bool includes(int minute_of_week) const;

  private:
    struct Span {
        int from = 0, to = 0;  ///< minutes; `to` may be after the week's end
    };

    std::vector<Span> spans_;  // none: always
};

}  // namespace camgate::config
