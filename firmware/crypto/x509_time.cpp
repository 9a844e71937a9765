#include "crypto/x509_time.hpp"

#include <mbedtls/x509.h>

namespace camgate::crypto {

WallTime wallTimeOf(const mbedtls_x509_time& time) {
    using namespace std::chrono;
    // "No expiry" is the year 9999 (RFC 5280, 4.1.2.5), beyond what 64-bit nanoseconds hold.
    if (time.year > 2261) return WallTime::max();
    if (time.year < 1678) return WallTime::min();
    const year_month_day date{year(time.year), month(static_cast<unsigned>(time.mon)),
                              day(static_cast<unsigned>(time.day))};
    return WallTime(sys_days(date).time_since_epoch() + hours(time.hour) + minutes(time.min) +
                    seconds(time.sec));
}

}  // namespace camgate::crypto
