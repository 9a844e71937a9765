// Takes an update from its order to its end: what is to happen is durable before it is done, so that a power
// cut leaves a box that starts and knows how to go on. Loop thread only; files on a thread of their own,
// which must end before this does. Implements docs/design/update.md.
#pragma once

#include <functional>
#include <optional>
#include <string>

#include "base/event_loop.hpp"
#include "base/lifeline.hpp"
#include "update/update_files.hpp"
#include "update/update_rules.hpp"

namespace camgate::update {

struct UpdaterPorts {
    EventLoop& loop;
    Installer& installer;
    /// Hands a job to the thread of the files; false: its queue is full.
    std::function<bool(std::function<void()>)> post;
    std::function<Health()> health;
    /// Get the rest of it, from where it says; not for Source::Console, who brings it by himself.
    std::function<void(const Order& order, std::uint64_t have_bytes)> fetch;
    /// An update has begun or ended, for the audit trail.
    std::function<void(const UpdateRecord& record)> audit;
    std::function<void()> changed;  ///< what record(), percent() or fault() say is another now
};

class Updater {
  public:
    static constexpr Duration kTrial = std::chrono::minutes(5);
    /// A start that lasted so long was a good one, where nothing is on trial.
    static constexpr Duration kSettled = std::chrono::minutes(1);
    static constexpr Duration kRetry = std::chrono::seconds(30);
    static constexpr int kMostAttempts = 3;

    using Begun = std::function<void(Result<std::uint64_t> have_bytes)>;

    Updater(UpdaterPorts ports, Result<UpdateFiles> files);

    /// Goes on with what a power cut or a restart interrupted.
    void start();
    /// A repeat of the one under way is answered as the first was. Unavailable: another is past its delivery;
    /// FailedPrecondition: a Refusal's words.
    void order(Order order, Begun begun);
    /// What comes of the bundle, in order.
    void deliver(std::uint64_t offset, Bytes bytes, std::function<void(Status)> taken);
    /// It will not come.
    void onDeliveryFailed(const Error& why);

    const UpdateRecord& record() const { return record_; }
    /// Of a bundle that is being delivered: what was taken, perhaps not written yet.
    std::uint64_t haveBytes() const { return have_bytes_; }
    /// Of the phase, where it is known.
    std::optional<int> percent() const { return percent_; }
    /// As of the last look; nothing: this machine has no slots, and fault() says why.
    const std::optional<Slots>& slots() const { return slots_; }
    const std::string& fault() const { return fault_; }

  private:
    using Then = std::function<void()>;
    template <class T>
    void ask(std::function<Result<T>(UpdateFiles&)> job, std::function<void(Result<T>)> answer) {
        const auto answerLater = [this](Result<T> result, const std::function<void(Result<T>)>& to) {
            ports_.loop.post([result = std::move(result), to]() mutable { to(std::move(result)); });
        };
        const auto run = [this, job = std::move(job), answer, answerLater] {
            answerLater(job(*files_), answer);
        };
        if (!ports_.post(run))
            answerLater(fail(ErrorKind::Unavailable, "the storage of updates is too busy"), answer);
    }
    /// `then` runs once the record is durable; it is tried until it is.
    void save(Then then);
    void enter(Phase phase);
    void leavePhase();
    void retry(Then then, Duration after = kRetry);
    template <class Fn>
    auto inPhase(Fn fn) const {
        return phase_->guard(std::move(fn));
    }

    void look(std::function<void(Status)> seen);
    void follow(Course course);
    void settle();
    void giveTriesBack();

    void takeOrder(Order order, const Begun& begun);
    void goOnDelivering(const Begun& begun);
    void onBegun(std::uint64_t have_bytes, const Begun& begun);
    void resumeDelivery();
    void expectDelivery();
    void verify();
    void inspect();
    void onInspected(const Result<BundleInfo>& bundle);
    void awaitTime();

    void install();
    void beginInstalling();
    void onInstalled(const Status& done);
    void demandWhatWorks();
    void reboot();
    void activateAndRestart();
    void giveUpStarting();
    void restart();
    void prove();
    void lookAtHealth();
    void keep();
    void giveUp();
    void goBack();
    void wentBack();
    void end(Phase phase, const std::string& reason, const std::string& detail);

    UpdaterPorts ports_;
    std::optional<UpdateFiles> files_;
    UpdateRecord record_;
    std::optional<Slots> slots_;
    std::string fault_;
    std::optional<int> percent_;
    std::uint64_t have_bytes_ = 0;
    Duration look_again_ = kRetry;
    bool taking_ = false;  ///< an order is being judged
    BootTime trial_ends_{};
    LoopHandle timer_;   ///< of the phase: retry, patience, or the time to begin
    LoopHandle health_;  ///< while on trial
    LoopHandle settled_;
    std::optional<Lifeline> phase_{std::in_place};  ///< answers to an earlier phase are not heard
    Lifeline lifeline_;                             // last
};

}  // namespace camgate::update
