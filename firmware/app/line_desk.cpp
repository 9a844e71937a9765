#include "app/line_desk.hpp"

#include <nlohmann/json.hpp>
#include <utility>

namespace camgate::app {

void LineDesk::measure(Answer answer) {
    if (!ports_.hub_reached()) return answer(fail(ErrorKind::Unavailable, "the hub is not reached"));
    if (probe_) return answer(fail(ErrorKind::Unavailable, "somebody else measures the line"));
    if (ports_.clip_moves())
        return answer(fail(ErrorKind::Unavailable, "a clip has the line: ask again once it is at the hub"));
    transport_ = ports_.make_bulk();
    const auto done = [this, answer = std::move(answer)](const Result<uplink::LineSpeed>& speed) {
        // It is still inside its own function.
        drop_ = ports_.loop.runAfter(Duration::zero(), [this] {
            probe_ = nullptr;
            transport_ = nullptr;
        });
        if (!speed) return answer(std::unexpected(speed.error()));
        answer(nlohmann::json{{"kbps", speed->kbps},
                              {"cap_kbps", speed->cap_kbps},
                              {"bytes", speed->bytes},
                              {"seconds", std::chrono::duration<double>(speed->took).count()}}
                   .dump());
    };
    probe_ = std::make_unique<uplink::LineProbe>(ports_.loop, *transport_, ports_.gateway, ports_.line, done);
}

}  // namespace camgate::app
