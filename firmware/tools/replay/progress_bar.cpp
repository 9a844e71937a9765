#include "tools/replay/progress_bar.hpp"

#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <string>

namespace camgate::replay {

ProgressBar::ProgressBar() : terminal_(::isatty(STDERR_FILENO) == 1) {}

ProgressBar::~ProgressBar() {
    clear();
}

void ProgressBar::show(std::optional<double> done, long long frames) {
    if (!terminal_) return;
    constexpr double kWidth = 40;
    const double part = std::clamp(done.value_or(0), 0.0, 1.0);
    const std::string bar(static_cast<std::size_t>(part * kWidth), '#');
    std::fprintf(stderr, "\r[%-40s] %3.0f %%  %lld frames\033[K", bar.c_str(), part * 100, frames);
    drawn_ = true;
}

void ProgressBar::clear() {
    if (drawn_) std::fputs("\r\033[K", stderr);
    drawn_ = false;
}

}  // namespace camgate::replay
