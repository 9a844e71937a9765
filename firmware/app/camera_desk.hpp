// Finds, describes and tries cameras for the control socket, each by a worker of its own. At most two errands
// at a time. Loop thread only. Implements docs/ref/cli.md (cameras.*).
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <string>

#include "config/configuration.hpp"
#include "control/control_server.hpp"
#include "ipc/launcher.hpp"

namespace camgate::app {

class CameraDesk {
  public:
    using Answer = control::ControlBackend::Answer;

    /// Why a camera pauses; empty: it does not.
    using Paused = std::function<std::string(const std::string& camera)>;

    /// `configuration`: whose cameras can be tried by their id.
    CameraDesk(EventLoop& loop, ipc::Launcher& launcher, const config::Configuration& configuration,
               Paused paused);
    ~CameraDesk();

    /// Parameters as JSON texts that fit the command table.
    void discover(const std::string& parameters, Answer answer);
    void describe(const std::string& parameters, Answer answer);
    void test(const std::string& parameters, Answer answer);

  private:
    class Errand;
    class FinderErrand;
    class TrialErrand;

    /// Answers Unavailable where two are under way.
    void run(std::unique_ptr<Errand> errand, Answer answer);

    EventLoop& loop_;
    ipc::Launcher& launcher_;
    const config::Configuration& configuration_;
    Paused paused_;
    std::map<std::uint64_t, std::unique_ptr<Errand>> errands_;
    std::uint64_t next_ = 1;
    std::shared_ptr<bool> alive_ = std::make_shared<bool>(true);
};

}  // namespace camgate::app
