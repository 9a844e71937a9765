// The owner's erasure by the control socket. Nothing is erased before the audit entry that says so is
// durable; how it ended is a second one. Loop thread only. Implements docs/ref/cli.md (footage erase) and
// docs/ref/mqtt.md (audit).
#pragma once

#include "app/clip_desk.hpp"
#include "app/recorder.hpp"

namespace camgate::app {

class EraseDesk {
  public:
    using Answer = control::ControlBackend::Answer;

    EraseDesk(const Clock& clock, Recorder& recorder, ClipDesk::Audit audit)
        : clock_(clock), recorder_(recorder), audit_(std::move(audit)) {}

    /// Parameters as JSON text that fits the command table.
    void erase(const std::string& parameters, Answer answer);

  private:
    uplink::AuditRecord entry(std::string outcome, std::string detail_json) const;
    void runErase(const std::string& camera, const ring::DayRange& days, Answer answer);

    const Clock& clock_;
    Recorder& recorder_;
    ClipDesk::Audit audit_;
};

}  // namespace camgate::app
