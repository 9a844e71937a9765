#include "console/storage_job.hpp"

#include <nlohmann/json.hpp>

namespace camgate::console {

using nlohmann::json;

Result<std::string> followJob(const ControlCall& call, std::string_view method, const json& parameters,
                              const Progress& progress, const std::function<bool()>& pause) {
    if (auto begun = call(method, parameters); !begun) return begun;
    for (;;) {
        auto answer = call("storage.job", json::object());
        if (!answer) return answer;
        const json job = json::parse(*answer, nullptr, false);
        const std::string state = job.is_object() ? job.value("state", "") : "";
        if (state == "done") return answer;
        if (state == "failed") return fail(ErrorKind::FailedPrecondition, job.value("error", "it failed"));
        if (state != "running")
            return fail(ErrorKind::Corruption, "camgated's answer makes no sense: no job");
        progress(job.value("done_bytes", std::uint64_t{0}), job.value("total_bytes", std::uint64_t{0}));
        if (!pause()) return fail(ErrorKind::Cancelled, "no longer followed; camgated goes on with it");
    }
}

}  // namespace camgate::console
