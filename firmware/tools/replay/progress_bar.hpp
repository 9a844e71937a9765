// How far it is, on standard error and only if that is a terminal. One thread.
#pragma once

#include <optional>

namespace camgate::replay {

class ProgressBar {
  public:
    ProgressBar();
    /// Removes what it drew.
    ~ProgressBar();
    ProgressBar(const ProgressBar&) = delete;
    ProgressBar& operator=(const ProgressBar&) = delete;

    void show(std::optional<double> done, long long frames);
    /// Another line is about to be written.
    void clear();

  private:
    bool terminal_;
    bool drawn_ = false;
};

}  // namespace camgate::replay
