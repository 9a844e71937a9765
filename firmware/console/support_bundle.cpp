#include "console/support_bundle.hpp"

#include <array>
#include <nlohmann/json.hpp>

namespace camgate::console {
namespace {

using nlohmann::json;

/// No command that gives a picture, footage or a secret may stand here.
constexpr std::array<std::string_view, 6> kAsked{"status",        "storage.status",   "storage.job",
                                                 "config.report", "config.revisions", "metrics"};
constexpr unsigned kBundleEvents = 100;

json answerOf(const ControlCall& call, std::string_view command, const json& parameters) {
    const auto answer = call(command, parameters);
    if (!answer) return {{"error", answer.error().context}};
    json value = json::parse(*answer, nullptr, false);
    return value.is_discarded() ? json{{"error", "an answer that makes no sense"}} : value;
}

}  // namespace

std::string supportBundle(const ControlCall& call, const std::string& made_at, const std::string& machine) {
    json bundle = {{"v", 1}, {"made_at", made_at}, {"machine", machine}};
    for (const std::string_view command : kAsked)
        bundle[std::string(command)] = answerOf(call, command, json::object());
    bundle["events"] = answerOf(call, "events", {{"limit", kBundleEvents}});
    return bundle.dump(1, ' ', false, json::error_handler_t::replace) + "\n";
}

}  // namespace camgate::console
