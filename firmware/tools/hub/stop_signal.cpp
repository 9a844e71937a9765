#include "tools/hub/stop_signal.hpp"

#include <poll.h>
#include <sys/signalfd.h>

#include <csignal>

namespace camgate::hub {

StopSignal::StopSignal() {
    sigset_t signals;
    sigemptyset(&signals);
    sigaddset(&signals, SIGINT);
    sigaddset(&signals, SIGTERM);
    ::sigprocmask(SIG_BLOCK, &signals, nullptr);
    fd_.reset(::signalfd(-1, &signals, SFD_CLOEXEC | SFD_NONBLOCK));
}

bool StopSignal::wait(std::chrono::milliseconds longest) {
    pollfd ready{fd_.get(), POLLIN, 0};
    if (!came_ && ::poll(&ready, 1, static_cast<int>(longest.count())) > 0) came_ = true;
    return came_;
}

}  // namespace camgate::hub
