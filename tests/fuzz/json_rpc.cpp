// A line on the control socket.
#include <nlohmann/json.hpp>

#include "control/command_table.hpp"
#include "control/json_rpc.hpp"
#include "fuzz/fuzz_target.hpp"

namespace camgate::fuzz {

bool readHostile(ByteView input) {
    using namespace control;
    const auto call = readCall(asText(input));
    if (!call) {
        const auto answer = nlohmann::json::parse(
            writeError(call.error().id, call.error().code, call.error().message), nullptr, false);
        require(answer.is_object() && answer.contains("error"), "a refusal is an answer");
        return false;
    }
    const auto parameters = nlohmann::json::parse(call->parameters, nullptr, false);
    require(!parameters.is_discarded(), "parameters are JSON");
    const auto answer = nlohmann::json::parse(writeResult(call->id, "{}"), nullptr, false);
    require(answer.is_object(), "an id can be answered");
    const Command* command = findCommand(call->method);
    return command != nullptr && checkParameters(*command, parameters).has_value();
}

std::vector<Bytes> seeds() {
    const auto line = [](const std::string& method, const nlohmann::json& parameters) {
        const std::string text = control::writeCall(7, method, parameters);
        return Bytes(text.begin(), text.end());
    };
    return {line("status", nlohmann::json::object()), line("events", {{"camera", "gate"}, {"limit", 5}}),
            line("config.set", {{"path", "hub/port"}, {"value", "1883"}}),
            line("clip.plan",
                 {{"camera", "gate"}, {"from", "2026-03-01T22:15:00Z"}, {"to", "2026-03-01T22:16:00Z"}})};
}

}  // namespace camgate::fuzz
