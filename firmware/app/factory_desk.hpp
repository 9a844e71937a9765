// Back to how it was delivered: the keys of all footage first, then certificates, secrets, events, logins and
// revisions; the daemon starts anew from its configuration file. Loop thread only. Implements docs/ref/cli.md
// (factory.reset).
#pragma once

#include <functional>
#include <string>

#include "app/erase_desk.hpp"
#include "base/file_system.hpp"
#include "config/configuration.hpp"

namespace camgate::app {

class FactoryDesk {
  public:
    using Answer = control::ControlBackend::Answer;

    /// `start_over`: ends this run so that a service manager begins another.
    FactoryDesk(FileSystem& files, std::string data_folder, const config::Configuration& configuration,
                EraseDesk& erasing, std::function<void()> start_over)
        : files_(files),
          data_folder_(std::move(data_folder)),
          configuration_(configuration),
          erasing_(erasing),
          start_over_(std::move(start_over)) {}

    void reset(const std::string& who, const std::string& parameters, Answer answer);

  private:
    Status forget();

    FileSystem& files_;
    std::string data_folder_;
    const config::Configuration& configuration_;
    EraseDesk& erasing_;
    std::function<void()> start_over_;
};

}  // namespace camgate::app
