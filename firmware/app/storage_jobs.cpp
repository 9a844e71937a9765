#include "app/storage_jobs.hpp"

#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>
#include <utility>

#include "app/json_text.hpp"
#include "base/wall_text.hpp"

namespace camgate::app {
namespace {

using nlohmann::json;
using std::chrono::duration_cast;
using std::chrono::milliseconds;

constexpr Duration kWhenBusy = std::chrono::milliseconds(100);

json reportJson(const FormatReport& report) {
    return {{"measured_bytes", report.measured_bytes},
            {"bytes_per_s", report.bytes_per_s},
            {"longest_ms", duration_cast<milliseconds>(report.longest).count()},
            {"stalls", report.stalls}};
}

json reportJson(const CheckReport& report) {
    json damages = json::array();
    for (const Damage& damage : report.damages) {
        damages.push_back({{"camera", damage.camera},
                           {"stream", media::toString(damage.stream)},
                           {"from", formatWallTime(damage.from)},
                           {"to", formatWallTime(damage.to)},
                           {"records", damage.records},
                           {"what", damage.what}});
    }
    return {{"records", report.records},
            {"bytes", report.bytes},
            {"damaged_records", report.damaged_records},
            {"damages", damages}};
}

}  // namespace

void StorageJobs::lead(ring::Ring* ring) {
    ring_ = ring;
    if (!check_) return;
    check_.reset();
    end(fail(ErrorKind::Unavailable, "the ring went while it was checked"));
}

bool StorageJobs::begin(const std::string& name, const Answer& answer) {
    if (job_.state == State::Running) {
        answer(fail(ErrorKind::Unavailable, "storage " + job_.name + " is under way, one job at a time"));
        return false;
    }
    job_ = {};
    job_.name = name;
    job_.state = State::Running;
    job_.since = loop_.clock().bootNow();
    return true;
}

void StorageJobs::format(const std::string& who, const std::string& parameters, Answer answer) {
    FormatOrder order = order_;
    order.force = json::parse(parameters).value("force", false);
    if (!begin("format", answer)) return;
    audit_(entry(who, "started", jsonText({{"force", order.force}})),
           [this, who, order, answer = std::move(answer)](const Status& kept) {
               if (!kept) {
                   end(kept);
                   Error error = kept.error();
                   error.context = "nothing is erased without an audit entry: " + error.context;
                   return answer(std::unexpected(error));
               }
               answer(std::string("{}"));
               runFormat(who, order);
           });
}

void StorageJobs::runFormat(const std::string& who, const FormatOrder& order) {
    auto report = std::make_shared<FormatReport>();
    const auto progress = [this, &loop = loop_, alive = alive_](std::uint64_t done, std::uint64_t total) {
        loop.post([this, done, total, alive] {
            if (*alive) onProgress(done, total);
        });
    };
    const auto work = [report, order, progress, &files = files_, &clock = loop_.clock()]() -> Status {
        auto made = formatCard(files, order, clock, progress);
        if (!made) return std::unexpected(made.error());
        *report = *made;
        return {};
    };
    recorder_.rebuild(work, [this, who, report, order, alive = alive_](const Status& status) {
        if (!*alive) return;
        if (status) job_.result_json = jsonText(reportJson(*report));
        end(status);
        audit_(
            entry(who, status ? "done" : "failed", jsonText({{"force", order.force}, {"error", job_.error}})),
            [](const Status&) {});
    });
}

void StorageJobs::check(const Answer& answer) {
    if (ring_ == nullptr)
        return answer(fail(ErrorKind::Unavailable, "no ring is open: " + recorder_.detail()));
    if (!begin("check", answer)) return;
    if (const auto& stats = recorder_.stats()) {
        job_.total_bytes = stats->size_bytes / std::max(1U, stats->extents) * stats->extents_used;
    }
    check_ = std::make_shared<FootageCheck>(order_.gateway, cameras_);
    answer(std::string("{}"));
    stepCheck();
}

void StorageJobs::stepCheck() {
    const auto work = [this, check = check_, ring = ring_, &loop = loop_, alive = alive_] {
        const auto more = check->step(*ring);
        loop.post([this, check, more, alive] {
            if (*alive) onStep(check, more);
        });
    };
    if (recorder_.thread().tryPost(work)) return;
    retry_ = loop_.runAfter(kWhenBusy, [this] {
        if (check_) stepCheck();
    });
}

void StorageJobs::onStep(const std::shared_ptr<FootageCheck>& check, const Result<bool>& more) {
    if (check != check_) return;  // its ring went
    job_.done_bytes = std::min(check->report().bytes, job_.total_bytes);
    if (more && *more) return stepCheck();
    job_.result_json = jsonText(reportJson(check->report()));
    check_.reset();
    end(more ? Status() : std::unexpected(more.error()));
}

void StorageJobs::onProgress(std::uint64_t done_bytes, std::uint64_t total_bytes) {
    job_.done_bytes = done_bytes;
    job_.total_bytes = total_bytes;
}

void StorageJobs::end(const Status& status) {
    job_.state = status ? State::Done : State::Failed;
    if (!status) job_.error = status.error().describe();
}

uplink::AuditRecord StorageJobs::entry(std::string who, std::string outcome, std::string detail_json) const {
    return {loop_.clock().wallNow().time, std::move(who), "storage." + job_.name, std::move(outcome),
            std::move(detail_json)};
}

std::string StorageJobs::jobJson() const {
    constexpr std::array<const char*, 4> kStates{"none", "running", "done", "failed"};
    json out = {{"state", kStates.at(static_cast<std::size_t>(job_.state))}};
    if (job_.state == State::None) return jsonText(out);
    out["job"] = job_.name;
    if (job_.total_bytes > 0) {
        out["done_bytes"] = job_.done_bytes;
        out["total_bytes"] = job_.total_bytes;
    }
    if (job_.state == State::Running && job_.done_bytes > 0) {
        const double took_s = std::chrono::duration<double>(loop_.clock().bootNow() - job_.since).count();
        out["eta_s"] = took_s * static_cast<double>(job_.total_bytes - job_.done_bytes) /
                       static_cast<double>(job_.done_bytes);
    }
    if (!job_.error.empty()) out["error"] = job_.error;
    if (!job_.result_json.empty()) out["result"] = json::parse(job_.result_json, nullptr, false);
    return jsonText(out);
}

}  // namespace camgate::app
