#include "console/interrupt.hpp"

#include <poll.h>

#include <cerrno>
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

bool waitForInput(int fd) {
    sigset_t interrupts, as_before;
    ::sigemptyset(&interrupts);
    ::sigaddset(&interrupts, SIGINT);
    // Held back up to the wait itself: none falls between the look and the wait.
    ::sigprocmask(SIG_BLOCK, &interrupts, &as_before);
    pollfd input{fd, POLLIN, 0};
    bool waiting = true;
    while (waiting && noted == 0) waiting = ::ppoll(&input, 1, nullptr, &as_before) < 0 && errno == EINTR;
    ::sigprocmask(SIG_SETMASK, &as_before, nullptr);
    return !waiting;
}

}  // namespace camgate::console
