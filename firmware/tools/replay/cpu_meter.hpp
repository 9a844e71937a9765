// Where the CPU time of a replay goes. The detector runs inside the decoder's thread, between two pictures:
// what that thread uses in between is the decoder's. One thread.
#pragma once

#include <ctime>

#include "base/clock.hpp"

namespace camgate::replay {

inline Duration cpuTime(clockid_t clock) {
    timespec used{};
    ::clock_gettime(clock, &used);
    return std::chrono::seconds(used.tv_sec) + std::chrono::nanoseconds(used.tv_nsec);
}

class CpuMeter {
  public:
    void onPicture() {
        const Duration now = cpuTime(CLOCK_THREAD_CPUTIME_ID);
        decoding_ +=
            now >= last_ ? now - last_ : now;  // less: a decoder that was opened anew has a new thread
        last_ = now;
    }
    void onLooked() {
        const Duration now = cpuTime(CLOCK_THREAD_CPUTIME_ID);
        looking_ += now - last_;
        last_ = now;
    }
    /// What neither is: drawing, writing.
    void onDone() { last_ = cpuTime(CLOCK_THREAD_CPUTIME_ID); }
    Duration decoding() const { return decoding_; }
    Duration looking() const { return looking_; }

  private:
    Duration last_{0}, decoding_{0}, looking_{0};
};

}  // namespace camgate::replay
