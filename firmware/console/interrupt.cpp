#include "console/interrupt.hpp"

#include <csignal>

namespace camgate::console {
namespace {

volatile std::sig_atomic_t noted = 0;

}  // namespace

void noteInterrupts() {
    struct sigaction action {};
    action.sa_handler = [](int) { noted = 1; };
    ::sigemptyset(&action.sa_mask);
    action.sa_flags = 0;  // calls that wait come back
    ::sigaction(SIGINT, &action, nullptr);
}

bool interrupted() {
    return noted != 0;
}

void clearInterrupt() {
    noted = 0;
}

}  // namespace camgate::console
