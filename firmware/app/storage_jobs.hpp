// The long jobs on the card that the console starts and then asks after: formatting and checking, one at a
// time. A job goes on when its console has gone; its end is kept until the next one begins. What changes the
// card is audited before it begins. Loop thread only. Implements docs/ref/cli.md (storage).
#pragma once

#include <functional>
#include <memory>
#include <string>

#include "app/card_format.hpp"
#include "app/footage_check.hpp"
#include "app/recorder.hpp"
#include "control/control_server.hpp"
#include "uplink/audit_link.hpp"

namespace camgate::app {

class StorageJobs {
  public:
    using Answer = control::ControlBackend::Answer;
    using Audit = std::function<void(const uplink::AuditRecord&, std::function<void(Status)>)>;

    /// `order`: path, gateway; `force` comes with each call. `cameras`: whose footage a check looks at.
    StorageJobs(EventLoop& loop, FileSystem& files, Recorder& recorder, FormatOrder order,
                std::vector<std::string> cameras, Audit audit)
        : loop_(loop),
          files_(files),
          recorder_(recorder),
          order_(std::move(order)),
          cameras_(std::move(cameras)),
          audit_(std::move(audit)) {}
    ~StorageJobs() { *alive_ = false; }

    /// The ring that is open now, or none: as Recorder says. A check of one that goes has failed.
    void lead(ring::Ring* ring);
    /// Both answer when they have begun. Unavailable: a job is under way, or no ring is open.
    void format(const std::string& who, const std::string& parameters, Answer answer);
    void check(const Answer& answer);
    /// The job under way, or the last one.
    std::string jobJson() const;

    /// Whose footage the next check looks at.
    void follow(std::vector<std::string> cameras) { cameras_ = std::move(cameras); }

  private:
    enum class State { None, Running, Done, Failed };
    struct Job {
        std::string name;
        State state = State::None;
        std::uint64_t done_bytes = 0;
        std::uint64_t total_bytes = 0;
        BootTime since;
        std::string error;
        std::string result_json;  ///< empty: none
    };

    bool begin(const std::string& name, const Answer& answer);
    void runFormat(const std::string& who, const FormatOrder& order);
    void stepCheck();
    void onStep(const std::shared_ptr<FootageCheck>& check, const Result<bool>& more);
    void onProgress(std::uint64_t done_bytes, std::uint64_t total_bytes);
    void end(const Status& status);
    uplink::AuditRecord entry(std::string who, std::string outcome, std::string detail_json) const;

    EventLoop& loop_;
    FileSystem& files_;
    Recorder& recorder_;
    FormatOrder order_;
    std::vector<std::string> cameras_;
    Audit audit_;
    ring::Ring* ring_ = nullptr;
    std::shared_ptr<FootageCheck> check_;  ///< the storage thread's while a step is under way
    LoopHandle retry_;
    Job job_;
    std::shared_ptr<bool> alive_ = std::make_shared<bool>(true);  // progress on its way looks at it
};

}  // namespace camgate::app
