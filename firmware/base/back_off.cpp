#include "base/back_off.hpp"

#include <random>

namespace camgate {

Duration spreadBackOff(Duration back_off, double share) {
    const std::chrono::duration<double, Duration::period> wait(static_cast<double>(back_off.count()) *
                                                               (0.125 + 0.875 * share));
    return std::chrono::duration_cast<Duration>(wait);
}

double randomShare() {
    static std::minstd_rand generator{std::random_device{}()};
    return std::generate_canonical<double, 24>(generator);
}

}  // namespace camgate
