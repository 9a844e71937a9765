// The owner's erasure and the factory reset by the control socket. Nothing is erased before the audit entry
// that says so is durable; how it ended is a second one. Loop thread only. Implements docs/ref/cli.md
// (footage erase) and docs/ref/mqtt.md (audit).
#pragma once

#include <nlohmann/json_fwd.hpp>

#include "app/clip_desk.hpp"
#include "app/recorder.hpp"

namespace camgate::app {

class EraseDesk {
  public:
    using Answer = control::ControlBackend::Answer;

    EraseDesk(const Clock& clock, Recorder& recorder, ClipDesk::Audit audit)
        : clock_(clock), recorder_(recorder), audit_(std::move(audit)) {}

    /// `who` and parameters as ControlBackend has them.
    void erase(const std::string& who, const std::string& parameters, Answer answer);
    /// All footage of all cameras, and whose it was.
    void reset(const std::string& who, Answer answer);

  private:
    using Work = std::function<void(Answer)>;
    void auditThenRun(const std::string& who, const char* action, const std::string& detail_json, Work work,
                      Answer answer);
    void auditEnd(const std::string& who, const char* action, nlohmann::json detail, const Error* error);
    void runErase(const std::string& who, const std::string& camera, const ring::DayRange& days,
                  Answer answer);
    void runReset(const std::string& who, Answer answer);

    const Clock& clock_;
    Recorder& recorder_;
    ClipDesk::Audit audit_;
};

}  // namespace camgate::app
