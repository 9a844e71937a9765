// Pauses of cameras at work: what owner and schedule say goes to the sessions, to the audit chain and to a
// file that the next start reads. Loop thread only; the file is the state thread's. Implements
// docs/design/pause.md and docs/ref/cli.md (pause, resume).
#pragma once

#include <functional>
#include <string>

#include "app/clip_desk.hpp"
#include "app/pause_book.hpp"
#include "base/event_loop.hpp"
#include "base/file_system.hpp"

namespace camgate::app {

struct PausePorts {
    EventLoop& loop;
    FileSystem& files;
    std::string data_folder;
    std::function<bool(std::function<void()>)> later;  ///< on the state thread
    ClipDesk::Audit audit;
    const config::Configuration& configuration;
    /// Whether, and until when, this camera pauses is another now.
    std::function<void(const std::string& camera)> changed;
};

class PauseDesk {
  public:
    using Answer = control::ControlBackend::Answer;

    explicit PauseDesk(PausePorts ports);
    ~PauseDesk() { *alive_ = false; }

    /// Empty: it does not pause. Else why, for people.
    std::string why(const std::string& camera) const;
    /// The configuration is another: its hours count at once.
    void look();

    /// {"camera","for_s"}, {"camera"}. Answered when it is durable. NotFound: there is no such camera.
    void pause(const std::string& who, const std::string& parameters, Answer answer);
    void resume(const std::string& who, const std::string& parameters, Answer answer);

  private:
    bool exists(const std::string& camera) const;
    void keep(std::function<void(Status)> done);
    void keepThenSay(const std::string& camera, Answer answer);
    void tell(const PauseChange& change, const std::string& who);
    std::string stateJson(const std::string& camera) const;

    PausePorts ports_;
    PauseBook book_;
    LoopHandle tick_;
    std::shared_ptr<bool> alive_ = std::make_shared<bool>(true);
};

}  // namespace camgate::app
