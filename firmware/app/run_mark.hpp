// A mark in the data folder that is there while the daemon runs: what is found of it at a start tells how the
// last run ended. Calls block; at start and stop only. Implements docs/design/processes.md (Watchdog).
#pragma once

#include <string>

#include "base/file_system.hpp"

namespace camgate::app {

class RunMark {
  public:
    /// `boot`: another after each start of the machine.
    RunMark(FileSystem& files, const std::string& data_folder, std::string boot)
        : files_(files), path_(data_folder + "/running"), boot_(std::move(boot)) {}

    /// How the last run ended, for people: "stopped in order", "the machine went down", "killed or crashed",
    /// "gave itself up: ..." or, where nothing is known, empty. Sets the mark for this run.
    std::string begin();
    /// This run is about to end because of this; best effort.
    void giveUp(const std::string& why);
    void endInOrder();

  private:
    FileSystem& files_;
    std::string path_;
    std::string boot_;
};

}  // namespace camgate::app
