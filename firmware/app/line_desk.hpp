// The line's speed, measured because somebody at the console asked: over a bulk connection of its own for the
// time that takes. Loop thread only. Implements docs/ref/cli.md (hub.speed).
#pragma once

#include <functional>
#include <memory>
#include <string>

#include "control/control_server.hpp"
#include "uplink/line_probe.hpp"

namespace camgate::app {

struct LinePorts {
    EventLoop& loop;
    uplink::LineBudget& line;
    std::string gateway;
    std::function<bool()> hub_reached;
    std::function<bool()> clip_moves;
    std::function<std::unique_ptr<uplink::HubTransport>()> make_bulk;
};

class LineDesk {
  public:
    using Answer = control::ControlBackend::Answer;

    explicit LineDesk(LinePorts ports) : ports_(std::move(ports)) {}

    /// Unavailable: the hub is not reached, or the bulk connection is in use.
    void measure(Answer answer);

  private:
    LinePorts ports_;
    std::unique_ptr<uplink::HubTransport> transport_;
    std::unique_ptr<uplink::LineProbe> probe_;
    LoopHandle drop_;
};

}  // namespace camgate::app
