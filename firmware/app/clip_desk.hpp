// Footage that leaves by the control socket, the owner's own look-up: plan, read, finish. Each extraction is
// audited like the hub's: nothing can be read before its entry is durable, and what was written is a second
// entry. Loop thread only. Implements docs/ref/cli.md (Control socket) and docs/ref/mqtt.md (audit).
#pragma once

#include <deque>
#include <functional>
#include <string>

#include "clip/clip.hpp"
#include "control/control_server.hpp"
#include "uplink/audit_link.hpp"

namespace camgate::app {

class ClipDesk {
  public:
    using Answer = control::ControlBackend::Answer;
    /// Calls back when the entry is durable.
    using Audit = std::function<void(const uplink::AuditRecord&, std::function<void(Status)>)>;

    ClipDesk(const Clock& clock, clip::ClipSource& clips, Audit audit)
        : clock_(clock), clips_(clips), audit_(std::move(audit)) {}

    /// `who` and parameters as ControlBackend has them.
    void plan(const std::string& who, const std::string& parameters, Answer answer);
    void read(const std::string& parameters, Answer answer);
    void finish(const std::string& parameters, Answer answer);
    void release(const std::string& parameters, const Answer& answer);

  private:
    struct Given {
        std::string clip;
        std::string who;
        std::string detail_json;
    };
    void give(const clip::PlannedClip& planned, Given given, Answer answer);
    const Given* find(const std::string& clip) const;
    void forget(const std::string& clip);

    const Clock& clock_;
    clip::ClipSource& clips_;
    Audit audit_;
    std::deque<Given> given_;  ///< audited and not finished; the oldest is forgotten when there are too many
};

}  // namespace camgate::app
